package main

import (
	"context"

	"go.etcd.io/etcd/server/v3/etcdserver/api/v3election/v3electionpb"
	"go.etcd.io/etcd/server/v3/etcdserver/api/v3lock/v3lockpb"
)

func locks(name string, request *v3lockpb.LockRequest) badCase {
	return badCase{"lock: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.lock.Lock(ctx, request)
		if err != nil {
			return "", err
		}
		return "key " + string(got.Key), nil
	}}
}

var lockCases = []badCase{
	locks("unknown lease", &v3lockpb.LockRequest{Name: []byte("l"), Lease: 4711}),
	locks("known lease", &v3lockpb.LockRequest{Name: []byte("l"), Lease: 77}),
	locks("no name", &v3lockpb.LockRequest{Lease: 77}),
	{"unlock: what is not locked", func(ctx context.Context, s *server) (string, error) {
		_, err := s.lock.Unlock(ctx, &v3lockpb.UnlockRequest{Key: none})
		return "", err
	}},
	{"unlock: no key", func(ctx context.Context, s *server) (string, error) {
		_, err := s.lock.Unlock(ctx, &v3lockpb.UnlockRequest{})
		return "", err
	}},
	{"election: campaign with an unknown lease", func(ctx context.Context, s *server) (string, error) {
		_, err := s.election.Campaign(ctx, &v3electionpb.CampaignRequest{Name: []byte("e"), Lease: 4711})
		return "", err
	}},
	{"election: leader of nothing", func(ctx context.Context, s *server) (string, error) {
		_, err := s.election.Leader(ctx, &v3electionpb.LeaderRequest{Name: []byte("e")})
		return "", err
	}},
	{"election: proclaim without a leader", func(ctx context.Context, s *server) (string, error) {
		_, err := s.election.Proclaim(ctx, &v3electionpb.ProclaimRequest{})
		return "", err
	}},
	{"election: proclaim of one who does not lead", func(ctx context.Context, s *server) (string, error) {
		leader := &v3electionpb.LeaderKey{Name: []byte("e"), Key: []byte("e/1"), Rev: 1, Lease: 77}
		_, err := s.election.Proclaim(ctx, &v3electionpb.ProclaimRequest{Leader: leader})
		return "", err
	}},
	{"election: resign without a leader", func(ctx context.Context, s *server) (string, error) {
		_, err := s.election.Resign(ctx, &v3electionpb.ResignRequest{})
		return "", err
	}},
}
