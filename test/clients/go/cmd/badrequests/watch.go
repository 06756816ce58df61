package main

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/grpc/metadata"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

// watches sends the requests and tells the first `answers` responses.
func watches(name string, answers int, requests ...*pb.WatchRequest) badCase {
	return badCase{"watch: " + name, func(ctx context.Context, s *server) (string, error) {
		stream, err := s.watch.Watch(ctx)
		if err != nil {
			return "", err
		}
		for _, request := range requests {
			if err := stream.Send(request); err != nil {
				return "", err
			}
		}
		var told []string
		for range answers {
			got, err := stream.Recv()
			if err != nil {
				return strings.Join(told, "; "), err
			}
			told = append(told, fmt.Sprintf("id %d created %t canceled %t reason %q compacted %d events %d",
				got.WatchId, got.Created, got.Canceled, got.CancelReason, got.CompactRevision, len(got.Events)))
		}
		return strings.Join(told, "; "), nil
	}}
}

func create(request *pb.WatchCreateRequest) *pb.WatchRequest {
	return &pb.WatchRequest{RequestUnion: &pb.WatchRequest_CreateRequest{CreateRequest: request}}
}

func cancelWatch(id int64) *pb.WatchRequest {
	return &pb.WatchRequest{RequestUnion: &pb.WatchRequest_CancelRequest{CancelRequest: &pb.WatchCancelRequest{WatchId: id}}}
}

var watchCases = []badCase{
	watches("negative start", 1, create(&pb.WatchCreateRequest{Key: a, StartRevision: -1})),
	watches("compacted start", 2, create(&pb.WatchCreateRequest{Key: a, StartRevision: 2})),
	watches("future start", 1, create(&pb.WatchCreateRequest{Key: a, StartRevision: 1000})),
	watches("reversed range", 1, create(&pb.WatchCreateRequest{Key: b, RangeEnd: a})),
	watches("empty range", 1, create(&pb.WatchCreateRequest{Key: a, RangeEnd: a})),
	watches("no key", 1, create(&pb.WatchCreateRequest{})),
	watches("used id", 2, create(&pb.WatchCreateRequest{Key: a, WatchId: 5}), create(&pb.WatchCreateRequest{Key: a, WatchId: 5})),
	watches("negative id", 1, create(&pb.WatchCreateRequest{Key: a, WatchId: -7})),
	watches("own id, then the server's", 2, create(&pb.WatchCreateRequest{Key: a, WatchId: 1}), create(&pb.WatchCreateRequest{Key: a})),
	watches("unknown filter", 1, create(&pb.WatchCreateRequest{Key: a, Filters: []pb.WatchCreateRequest_FilterType{9}})),
	watches("cancel of nothing", 1, cancelWatch(12), create(&pb.WatchCreateRequest{Key: a})),
	watches("cancel twice", 3, create(&pb.WatchCreateRequest{Key: a}), cancelWatch(0), cancelWatch(0), create(&pb.WatchCreateRequest{Key: a, WatchId: 3})),
	watches("request without a kind", 1, &pb.WatchRequest{}, create(&pb.WatchCreateRequest{Key: a})),
	{"watch: leader required", func(ctx context.Context, s *server) (string, error) {
		ctx = metadata.AppendToOutgoingContext(ctx, "hasleader", "true")
		return watches("", 1, create(&pb.WatchCreateRequest{Key: a})).call(ctx, s)
	}},
}
