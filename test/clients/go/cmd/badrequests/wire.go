package main

import (
	"bytes"
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

// rawCodec sends and receives bytes as they are.
type rawCodec struct{}

func (rawCodec) Marshal(v any) ([]byte, error) { return v.([]byte), nil }
func (rawCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = bytes.Clone(data)
	return nil
}
func (rawCodec) Name() string { return "proto" }

// raws sends bytes to a method. Texts about unreadable messages are each library's own, so only the code is told.
func raws(name, method string, body []byte) badCase {
	return badCase{"wire: " + name, func(ctx context.Context, s *server) (string, error) {
		var answer []byte
		err := s.conn.Invoke(ctx, method, body, &answer, grpc.ForceCodec(rawCodec{}))
		if err != nil {
			return "", status.Error(status.Code(err), "")
		}
		return "accepted", nil
	}}
}

var wireCases = []badCase{
	raws("unknown service", "/etcdserverpb.Nothing/Range", nil),
	raws("unknown method", "/etcdserverpb.KV/Nothing", nil),
	raws("length beyond the end", "/etcdserverpb.KV/Range", []byte{0x0a, 0x7f, 'a'}),
	raws("unended varint", "/etcdserverpb.KV/Range", []byte{0x0a, 0x01, 'a', 0x18, 0xff}),
	raws("overlong varint", "/etcdserverpb.KV/Range", append([]byte{0x0a, 0x01, 'a', 0x18}, bytes.Repeat([]byte{0xff}, 11)...)),
	raws("field number zero", "/etcdserverpb.KV/Range", []byte{0x0a, 0x01, 'a', 0x00, 0x01}),
	raws("unknown field", "/etcdserverpb.KV/Range", []byte{0x0a, 0x01, 'a', 0xf8, 0x3f, 0x01}),
	raws("field of another wire type", "/etcdserverpb.KV/Range", []byte{0x08, 0x01}),
	raws("last of a repeated scalar wins", "/etcdserverpb.KV/Range", []byte{0x0a, 0x01, 'a', 0x0a, 0x01, 'b'}),
	raws("text that is not UTF-8", "/etcdserverpb.Auth/UserGet", []byte{0x0a, 0x02, 0xff, 0xfe}),
	{"wire: unknown token while auth is off", func(ctx context.Context, s *server) (string, error) {
		ctx = metadata.AppendToOutgoingContext(ctx, "token", "nonsense.12")
		_, err := s.kv.Range(ctx, &pb.RangeRequest{Key: a})
		return "", err
	}},
	{"wire: range stream in an order", func(ctx context.Context, s *server) (string, error) {
		return rangeStream(ctx, s, &pb.RangeRequest{Key: a, RangeEnd: all, SortOrder: pb.RangeRequest_DESCEND})
	}},
	{"wire: range stream with a revision filter", func(ctx context.Context, s *server) (string, error) {
		return rangeStream(ctx, s, &pb.RangeRequest{Key: a, RangeEnd: all, MinModRevision: 3})
	}},
	{"wire: range stream without a key", func(ctx context.Context, s *server) (string, error) {
		return rangeStream(ctx, s, &pb.RangeRequest{})
	}},
	{"wire: range stream", func(ctx context.Context, s *server) (string, error) {
		return rangeStream(ctx, s, &pb.RangeRequest{Key: a, RangeEnd: []byte("c")})
	}},
}

func rangeStream(ctx context.Context, s *server, request *pb.RangeRequest) (string, error) {
	stream, err := s.kv.RangeStream(ctx, request)
	if err != nil {
		return "", err
	}
	got, err := stream.Recv()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("kvs %d count %d", len(got.RangeResponse.Kvs), got.RangeResponse.Count), nil
}
