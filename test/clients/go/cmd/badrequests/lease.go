package main

import (
	"context"
	"fmt"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

func grants(name string, request *pb.LeaseGrantRequest) badCase {
	return badCase{"lease grant: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.lease.LeaseGrant(ctx, request)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("ttl %d own id %t", got.TTL, request.ID != 0 && got.ID == request.ID), nil
	}}
}

func revokes(name string, id int64) badCase {
	return badCase{"lease revoke: " + name, func(ctx context.Context, s *server) (string, error) {
		_, err := s.lease.LeaseRevoke(ctx, &pb.LeaseRevokeRequest{ID: id})
		return "", err
	}}
}

func keepsAlive(name string, id int64) badCase {
	return badCase{"lease keepalive: " + name, func(ctx context.Context, s *server) (string, error) {
		stream, err := s.lease.LeaseKeepAlive(ctx)
		if err != nil {
			return "", err
		}
		if err := stream.Send(&pb.LeaseKeepAliveRequest{ID: id}); err != nil {
			return "", err
		}
		got, err := stream.Recv()
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("id %d ttl %d", got.ID, got.TTL), nil
	}}
}

func timesToLive(name string, id int64) badCase {
	return badCase{"lease timetolive: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.lease.LeaseTimeToLive(ctx, &pb.LeaseTimeToLiveRequest{ID: id, Keys: true})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("id %d ttl %d granted %d keys %d", got.ID, got.TTL, got.GrantedTTL, len(got.Keys)), nil
	}}
}

var leaseCases = []badCase{
	grants("no ttl", &pb.LeaseGrantRequest{}),
	grants("negative ttl", &pb.LeaseGrantRequest{TTL: -10}),
	grants("short ttl", &pb.LeaseGrantRequest{TTL: 1}),
	grants("largest ttl", &pb.LeaseGrantRequest{TTL: 9_000_000_000}),
	grants("too large ttl", &pb.LeaseGrantRequest{TTL: 9_000_000_001}),
	grants("used id", &pb.LeaseGrantRequest{TTL: 10, ID: 77}),
	grants("negative id", &pb.LeaseGrantRequest{TTL: 3600, ID: -5}),
	revokes("no id", 0),
	revokes("unknown", 4711),
	revokes("the negative one", -5),
	keepsAlive("unknown", 4711),
	keepsAlive("no id", 0),
	keepsAlive("negative", -3),
	timesToLive("unknown", 4711),
	timesToLive("no id", 0),
}
