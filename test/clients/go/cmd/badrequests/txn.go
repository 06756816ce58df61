package main

import (
	"context"
	"fmt"
	"slices"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

func txns(name string, request *pb.TxnRequest) badCase {
	return badCase{"txn: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.kv.Txn(ctx, request)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("succeeded %t responses %d", got.Succeeded, len(got.Responses)), nil
	}}
}

func putOp(key string) *pb.RequestOp {
	return &pb.RequestOp{Request: &pb.RequestOp_RequestPut{RequestPut: &pb.PutRequest{Key: []byte(key)}}}
}

func rangeOp(request *pb.RangeRequest) *pb.RequestOp {
	return &pb.RequestOp{Request: &pb.RequestOp_RequestRange{RequestRange: request}}
}

func deleteOp(key, end string) *pb.RequestOp {
	return &pb.RequestOp{Request: &pb.RequestOp_RequestDeleteRange{
		RequestDeleteRange: &pb.DeleteRangeRequest{Key: []byte(key), RangeEnd: []byte(end)},
	}}
}

func txnOp(ops ...*pb.RequestOp) *pb.RequestOp {
	return &pb.RequestOp{Request: &pb.RequestOp_RequestTxn{RequestTxn: &pb.TxnRequest{Success: ops}}}
}

func then(ops ...*pb.RequestOp) *pb.TxnRequest { return &pb.TxnRequest{Success: ops} }

func many(n int) []*pb.RequestOp {
	ops := make([]*pb.RequestOp, n)
	for i := range ops {
		ops[i] = putOp(fmt.Sprintf("many/%d", i))
	}
	return ops
}

func compare(compares ...*pb.Compare) *pb.TxnRequest { return &pb.TxnRequest{Compare: compares} }

var exists = &pb.Compare{Key: a, Target: pb.Compare_VERSION, Result: pb.Compare_GREATER, TargetUnion: &pb.Compare_Version{}}

var txnCases = []badCase{
	txns("empty", &pb.TxnRequest{}),
	txns("129 operations", then(many(129)...)),
	txns("129 operations in the other branch", &pb.TxnRequest{Failure: many(129)}),
	txns("129 compares", compare(slices.Repeat([]*pb.Compare{exists}, 129)...)),
	txns("128 compares", compare(slices.Repeat([]*pb.Compare{exists}, 128)...)),
	txns("100 operations beside 100 nested ones", then(append(many(100), txnOp(many(100)...))...)),
	txns("operation without a kind", then(&pb.RequestOp{})),
	txns("put without a key", then(putOp(""))),
	txns("range without a key", then(rangeOp(&pb.RangeRequest{}))),
	txns("delete without a key", then(deleteOp("", ""))),
	txns("compare without a key", compare(&pb.Compare{Target: pb.Compare_VERSION})),
	txns("same put twice", then(putOp("k"), putOp("k"))),
	txns("same put in either branch", &pb.TxnRequest{Compare: []*pb.Compare{{Key: none, Result: pb.Compare_GREATER, TargetUnion: &pb.Compare_Version{}}},
		Success: []*pb.RequestOp{putOp("k")}, Failure: []*pb.RequestOp{rangeOp(&pb.RangeRequest{Key: none})}}),
	txns("same put twice in the branch not taken", &pb.TxnRequest{Failure: []*pb.RequestOp{putOp("k"), putOp("k")}}),
	txns("same put outside and nested", then(putOp("k"), txnOp(putOp("k")))),
	txns("same put in two nested ones", then(txnOp(putOp("k")), txnOp(putOp("k")))),
	txns("put of a key deleted before", then(deleteOp("k", ""), putOp("k"))),
	txns("put inside a range deleted after", then(putOp("k"), deleteOp("j", "l"))),
	txns("put nested inside a deleted range", then(deleteOp("j", "l"), txnOp(putOp("k")))),
	txns("same delete twice", then(deleteOp("none", ""), deleteOp("none", ""))),
	txns("range of a future revision", then(rangeOp(&pb.RangeRequest{Key: a, Revision: 1000}))),
	txns("range of a compacted revision", then(rangeOp(&pb.RangeRequest{Key: a, Revision: 2}))),
	txns("put beside a range of a future revision", then(putOp("k"), rangeOp(&pb.RangeRequest{Key: a, Revision: 1000}))),
	txns("range with an unknown sort order", then(rangeOp(&pb.RangeRequest{Key: a, SortOrder: 7}))),
	txns("range with an unknown sort target", then(rangeOp(&pb.RangeRequest{Key: a, SortTarget: 7}))),
	txns("put with an unknown lease", then(&pb.RequestOp{Request: &pb.RequestOp_RequestPut{RequestPut: &pb.PutRequest{Key: a, Lease: 4711}}})),
	txns("put with ignore value and a value", then(&pb.RequestOp{Request: &pb.RequestOp_RequestPut{RequestPut: &pb.PutRequest{Key: a, Value: a, IgnoreValue: true}}})),
	txns("put with ignore value of no key", then(&pb.RequestOp{Request: &pb.RequestOp_RequestPut{RequestPut: &pb.PutRequest{Key: none, IgnoreValue: true}}})),
	txns("unknown compare result", compare(&pb.Compare{Key: a, Result: 9, Target: pb.Compare_VERSION, TargetUnion: &pb.Compare_Version{Version: 1}})),
	txns("unknown compare target", compare(&pb.Compare{Key: a, Target: 9, TargetUnion: &pb.Compare_Version{Version: 1}})),
	txns("compare target of another kind than its value", compare(&pb.Compare{Key: a, Target: pb.Compare_MOD, TargetUnion: &pb.Compare_Value{Value: a}})),
	txns("compare without a value to compare to", compare(&pb.Compare{Key: a, Target: pb.Compare_VALUE})),
	txns("value compare of a missing key", compare(&pb.Compare{Key: none, Target: pb.Compare_VALUE, Result: pb.Compare_NOT_EQUAL, TargetUnion: &pb.Compare_Value{Value: a}})),
	txns("version compare of a missing key", compare(&pb.Compare{Key: none, Target: pb.Compare_VERSION, TargetUnion: &pb.Compare_Version{}})),
	txns("compare over a reversed range", compare(&pb.Compare{Key: b, RangeEnd: a, Target: pb.Compare_VERSION, TargetUnion: &pb.Compare_Version{}})),
}
