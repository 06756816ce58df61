"""Calls of every kind against grpc.testing.TestService, by grpcio. Usage: conformance.py HOST:PORT [CA]"""

import sys
import threading

import grpc

target = sys.argv[1]
if len(sys.argv) > 2:
    with open(sys.argv[2], "rb") as file:
        channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(file.read()))
else:
    channel = grpc.insecure_channel(target)

SERVICE = "/grpc.testing.TestService/"
unary = channel.unary_unary(SERVICE + "UnaryCall")
unknown = channel.unary_unary(SERVICE + "UnimplementedCall")
input_call = channel.stream_unary(SERVICE + "StreamingInputCall")
output_call = channel.unary_stream(SERVICE + "StreamingOutputCall")
duplex = channel.stream_stream(SERVICE + "FullDuplexCall")


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def payload(size):
    return field(2, bytes(size))


def response_of(size):
    """Of a streamed request: one response of this size."""
    return field(2, field(1, size))


def status_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code(), error.details()
    return grpc.StatusCode.OK, ""


large = unary(field(2, 314159) + field(3, payload(271828)), timeout=20)
assert len(large) > 314159, len(large)

gzipped = unary(
    field(2, 10) + field(3, payload(271828)), compression=grpc.Compression.Gzip, timeout=20
)
assert len(gzipped) < 100, len(gzipped)

message, call = unary.with_call(
    field(2, 1),
    timeout=20,
    metadata=(
        ("x-grpc-test-echo-initial", "test_initial_metadata_value"),
        ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"),
    ),
)
assert ("x-grpc-test-echo-initial", "test_initial_metadata_value") in call.initial_metadata()
assert ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab") in call.trailing_metadata()

text = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
echo = field(7, field(1, 2) + field(2, text.encode()))
assert status_of(lambda: unary(echo, timeout=20)) == (grpc.StatusCode.UNKNOWN, text)
assert status_of(lambda: unknown(b"", timeout=20))[0] == grpc.StatusCode.UNIMPLEMENTED
too_large = field(3, payload(5 * 1024 * 1024))
assert status_of(lambda: unary(too_large, timeout=20))[0] == grpc.StatusCode.RESOURCE_EXHAUSTED

sizes = [27182, 8, 1828, 45904]
summed = input_call(iter([field(1, payload(size)) for size in sizes]), timeout=20)
assert summed == field(1, sum(sizes)), summed

many = list(output_call(b"".join(response_of(size) for size in [31415, 9, 2653, 58979]), timeout=20))
assert [len(one) > size for one, size in zip(many, [31415, 9, 2653, 58979])] == [True] * 4

pongs = list(duplex(iter([response_of(size) for size in sizes]), timeout=20))
assert len(pongs) == len(sizes)

hang = threading.Event()


def silent():
    hang.wait(20)
    yield b""


code, _ = status_of(lambda: list(duplex(silent(), timeout=0.2)))
assert code == grpc.StatusCode.DEADLINE_EXCEEDED, code
stream = duplex(silent())
threading.Timer(0.1, stream.cancel).start()
assert status_of(lambda: list(stream))[0] == grpc.StatusCode.CANCELLED
hang.set()

futures = [unary.future(field(2, 100), timeout=30) for _ in range(2000)]
assert all(len(future.result()) > 100 for future in futures)
print("ok")
