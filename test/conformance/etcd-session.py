"""An hour in the life of an etcd client, by python-etcd3 on grpcio. Usage: etcd-session.py HOST:PORT [CA]"""

import queue
import sys

import etcd3

host, port = sys.argv[1].rsplit(":", 1)
secure = {"ca_cert": sys.argv[2]} if len(sys.argv) > 2 else {}
client = etcd3.client(host=host, port=int(port), timeout=20, **secure)

assert client.get("python/none") == (None, None)
events = queue.Queue()
watch = client.add_watch_prefix_callback("python/", events.put)

for index in range(100):
    client.put(f"python/{index:03}", f"value {index}")
value, metadata = client.get("python/042")
assert (value, metadata.key, metadata.version) == (b"value 42", b"python/042", 1)
assert [kv.key.decode()[-3:] for _, kv in client.get_prefix("python/")] == [
    f"{index:03}" for index in range(100)
]

seen = []
while len(seen) < 100:
    seen += [event.key.decode() for event in events.get(timeout=20).events]
assert seen == [f"python/{index:03}" for index in range(100)], seen
client.cancel_watch(watch)

swapped, _ = client.transaction(
    compare=[client.transactions.value("python/000") == "value 0"],
    success=[client.transactions.put("python/000", "other")],
    failure=[],
)
assert swapped and client.get("python/000")[0] == b"other"
assert not client.replace("python/000", "value 0", "never")

large = "x" * 1_000_000
client.put("python/large", large)
assert client.get("python/large")[0].decode() == large

gzip = {"grpc.default_compression_algorithm": 2}.items()
gzipping = etcd3.client(host=host, port=int(port), timeout=20, grpc_options=gzip, **secure)
gzipping.put("python/large", large[:200_000])
assert gzipping.get("python/large")[0].decode() == large[:200_000]

lease = client.lease(60)
client.put("python/leased", "for a while", lease)
assert 0 < list(lease.refresh())[0].TTL <= 60
assert lease.keys == [b"python/leased"]
lease.revoke()
assert client.get("python/leased") == (None, None)

with client.lock("python", ttl=20) as lock:
    assert lock.is_acquired()

assert client.delete_prefix("python/").deleted == 101
assert len(list(client.members)) == 1
print("ok")
