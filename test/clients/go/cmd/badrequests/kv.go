package main

import (
	"bytes"
	"context"
	"fmt"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

func ranges(name string, request *pb.RangeRequest) badCase {
	return badCase{"range: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.kv.Range(ctx, request)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("kvs %d count %d more %t", len(got.Kvs), got.Count, got.More), nil
	}}
}

func puts(name string, request *pb.PutRequest) badCase {
	return badCase{"put: " + name, func(ctx context.Context, s *server) (string, error) {
		_, err := s.kv.Put(ctx, request)
		return "", err
	}}
}

func deletes(name string, request *pb.DeleteRangeRequest) badCase {
	return badCase{"delete: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.kv.DeleteRange(ctx, request)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("deleted %d", got.Deleted), nil
	}}
}

func compacts(name string, request *pb.CompactionRequest) badCase {
	return badCase{"compact: " + name, func(ctx context.Context, s *server) (string, error) {
		_, err := s.kv.Compact(ctx, request)
		return "", err
	}}
}

func hashes(name string, revision int64) badCase {
	return badCase{"hashkv: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.maint.HashKV(ctx, &pb.HashKVRequest{Revision: revision})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("revision %d compacted %d", got.HashRevision, got.CompactRevision), nil
	}}
}

var (
	a    = []byte("a")
	b    = []byte("b")
	none = []byte("none")
	all  = []byte{0}
)

var kvCases = []badCase{
	ranges("no key", &pb.RangeRequest{}),
	ranges("no key but an end", &pb.RangeRequest{RangeEnd: b}),
	ranges("unknown sort order", &pb.RangeRequest{Key: a, SortOrder: 7}),
	ranges("negative sort order", &pb.RangeRequest{Key: a, SortOrder: -1}),
	ranges("unknown sort target", &pb.RangeRequest{Key: a, SortTarget: 9}),
	ranges("reversed", &pb.RangeRequest{Key: b, RangeEnd: a}),
	ranges("empty", &pb.RangeRequest{Key: a, RangeEnd: a}),
	ranges("everything", &pb.RangeRequest{Key: all, RangeEnd: all}),
	ranges("future revision", &pb.RangeRequest{Key: a, Revision: 1000}),
	ranges("compacted revision", &pb.RangeRequest{Key: a, Revision: 3}),
	ranges("revision of the compaction", &pb.RangeRequest{Key: a, Revision: 4}),
	ranges("negative revision", &pb.RangeRequest{Key: a, Revision: -5}),
	ranges("negative limit", &pb.RangeRequest{Key: a, RangeEnd: all, Limit: -1}),
	ranges("limit one", &pb.RangeRequest{Key: a, RangeEnd: all, Limit: 1}),
	ranges("keys and count only", &pb.RangeRequest{Key: a, RangeEnd: all, KeysOnly: true, CountOnly: true}),
	ranges("contradicting revision filters", &pb.RangeRequest{Key: a, RangeEnd: all, MinModRevision: 9, MaxModRevision: 2}),
	ranges("negative revision filter", &pb.RangeRequest{Key: a, RangeEnd: all, MaxModRevision: -1}),
	ranges("serializable future revision", &pb.RangeRequest{Key: a, Revision: 1000, Serializable: true}),

	puts("no key", &pb.PutRequest{Value: a}),
	puts("unknown lease", &pb.PutRequest{Key: a, Lease: 4711}),
	puts("negative lease", &pb.PutRequest{Key: a, Lease: -1}),
	puts("ignore value with a value", &pb.PutRequest{Key: a, Value: a, IgnoreValue: true}),
	puts("ignore lease with a lease", &pb.PutRequest{Key: a, Lease: 77, IgnoreLease: true}),
	puts("ignore value of no key", &pb.PutRequest{Key: none, IgnoreValue: true}),
	puts("ignore lease of no key", &pb.PutRequest{Key: none, IgnoreLease: true}),
	puts("value over the request limit", &pb.PutRequest{Key: a, Value: bytes.Repeat(a, 1_600_000)}),
	puts("value over the message limit", &pb.PutRequest{Key: a, Value: bytes.Repeat(a, 3_000_000)}),
	puts("key over the request limit", &pb.PutRequest{Key: bytes.Repeat(a, 1_600_000)}),

	deletes("no key", &pb.DeleteRangeRequest{}),
	deletes("no key but an end", &pb.DeleteRangeRequest{RangeEnd: b}),
	deletes("reversed", &pb.DeleteRangeRequest{Key: b, RangeEnd: a}),
	deletes("nothing there", &pb.DeleteRangeRequest{Key: none}),
}

var compactCases = []badCase{
	compacts("negative", &pb.CompactionRequest{Revision: -1}),
	compacts("zero", &pb.CompactionRequest{}),
	compacts("the same again", &pb.CompactionRequest{Revision: 4}),
	compacts("earlier", &pb.CompactionRequest{Revision: 2}),
	compacts("future", &pb.CompactionRequest{Revision: 1000}),
	hashes("future", 1000),
	hashes("compacted", 3),
	hashes("negative", -1),
	hashes("of the compaction", 4),
}
