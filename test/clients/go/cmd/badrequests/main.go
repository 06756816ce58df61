// Badrequests sends what no client should send, and prints one JSON line an answer: the name of the case, the gRPC code, the
// text, and for requests that are odd but legal what came back. Two servers agree when their lines are equal.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/server/v3/etcdserver/api/v3election/v3electionpb"
	"go.etcd.io/etcd/server/v3/etcdserver/api/v3lock/v3lockpb"
)

// server is everything that can be called.
type server struct {
	conn     *grpc.ClientConn
	kv       pb.KVClient
	watch    pb.WatchClient
	lease    pb.LeaseClient
	cluster  pb.ClusterClient
	maint    pb.MaintenanceClient
	auth     pb.AuthClient
	lock     v3lockpb.LockClient
	election v3electionpb.ElectionClient
}

// badCase is one request; call tells what came back, in words that do not depend on ids or times.
type badCase struct {
	name string
	call func(ctx context.Context, s *server) (string, error)
}

type group struct {
	name  string
	cases []badCase
}

type line struct {
	Group  string `json:"group"`
	Name   string `json:"name"`
	Code   string `json:"code"`
	Text   string `json:"text,omitempty"`
	Answer string `json:"answer,omitempty"`
}

func main() {
	endpoint := flag.String("endpoint", "127.0.0.1:2379", "host:port")
	deadly := flag.Bool("deadly", false, "send what etcd does not survive, and nothing else")
	flag.Parse()
	conn, err := grpc.NewClient(*endpoint,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(64<<20)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	s := &server{
		conn: conn, kv: pb.NewKVClient(conn), watch: pb.NewWatchClient(conn), lease: pb.NewLeaseClient(conn),
		cluster: pb.NewClusterClient(conn), maint: pb.NewMaintenanceClient(conn), auth: pb.NewAuthClient(conn),
		lock: v3lockpb.NewLockClient(conn), election: v3electionpb.NewElectionClient(conn),
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	groups := []group{
		{"kv", kvCases}, {"txn", txnCases}, {"compact", compactCases}, {"lease", leaseCases}, {"watch", watchCases},
		{"cluster", clusterCases}, {"auth", authCases}, {"lock", lockCases}, {"wire", wireCases},
	}
	if *deadly {
		groups = []group{{"deadly", deadlyCases}}
	} else {
		s.prepare()
	}
	for _, group := range groups {
		for _, one := range group.cases {
			before := s.state()
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			answer, err := one.call(ctx, s)
			cancel()
			if after := s.state(); err != nil && after != before {
				answer = fmt.Sprintf("CHANGED THE STORE from %s to %s", before, after)
			}
			st := status.Convert(err)
			_ = out.Encode(line{group.name, one.name, st.Code().String(), st.Message(), answer})
		}
	}
}

// prepare gives the store a history: keys a and b, a lease, and a compaction at revision 4.
func (s *server) prepare() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	must := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, "prepare:", err)
			os.Exit(1)
		}
	}
	for range 4 {
		_, err := s.kv.Put(ctx, &pb.PutRequest{Key: []byte("a"), Value: []byte("1")})
		must(err)
	}
	_, err := s.kv.Put(ctx, &pb.PutRequest{Key: []byte("b"), Value: []byte("2")})
	must(err)
	_, err = s.kv.Compact(ctx, &pb.CompactionRequest{Revision: 4, Physical: true})
	must(err)
	_, err = s.lease.LeaseGrant(ctx, &pb.LeaseGrantRequest{ID: 77, TTL: 3600})
	must(err)
}

// state is what a refused request must leave as it was.
func (s *server) state() string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	hash, err := s.maint.HashKV(ctx, &pb.HashKVRequest{})
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("revision %d hash %d", hash.Header.Revision, hash.Hash)
}
