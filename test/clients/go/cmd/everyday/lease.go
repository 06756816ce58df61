package main

import (
	"context"
	"errors"
	"fmt"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// lease keeps one lease alive from beginning to end, whose key must never go, and grants and revokes others meanwhile.
type lease struct {
	client *clientv3.Client
	kept   clientv3.LeaseID
	beats  <-chan *clientv3.LeaseKeepAliveResponse
}

const (
	keptKey        = "lease/kept"
	keptTTLSeconds = 10
)

func newLease(client *clientv3.Client) scenario { return &lease{client: client} }

func (s *lease) keep(ctx context.Context) error {
	id, err := s.grantWithKey(ctx, keptKey, keptTTLSeconds)
	if err != nil {
		return err
	}
	s.kept = id
	s.beats, err = s.client.KeepAlive(context.Background(), id)
	if err != nil {
		return err
	}
	go func() {
		for range s.beats {
		}
	}()
	return nil
}

func (s *lease) grantWithKey(ctx context.Context, key string, ttl int64) (clientv3.LeaseID, error) {
	var id clientv3.LeaseID
	err := again(ctx, func(ctx context.Context) error {
		granted, err := s.client.Grant(ctx, ttl)
		if err != nil {
			return err
		}
		id = granted.ID
		_, err = s.client.Put(ctx, key, "here", clientv3.WithLease(id))
		return err
	})
	return id, err
}

func (s *lease) round(ctx context.Context, n int) error {
	if s.beats == nil {
		if err := s.keep(ctx); err != nil {
			return err
		}
	}
	key := fmt.Sprintf("lease/%d", n)
	id, err := s.grantWithKey(ctx, key, 60)
	if err != nil {
		return err
	}
	if err := s.expectAlive(ctx, id, key); err != nil {
		return err
	}
	if err := again(ctx, func(ctx context.Context) error {
		_, err := s.client.Revoke(ctx, id)
		if err != nil && err.Error() == "etcdserver: requested lease not found" {
			return nil // an earlier attempt without an answer had revoked it
		}
		return err
	}); err != nil {
		return err
	}
	if err := s.expectCount(ctx, key, 0); err != nil {
		return err
	}
	return s.expectCount(ctx, keptKey, 1)
}

func (s *lease) expectAlive(ctx context.Context, id clientv3.LeaseID, key string) error {
	return again(ctx, func(ctx context.Context) error {
		got, err := s.client.TimeToLive(ctx, id, clientv3.WithAttachedKeys())
		if err != nil {
			return err
		}
		if got.TTL <= 0 || got.GrantedTTL != 60 {
			fail("lease", fmt.Errorf("a lease of 60 s lives %d s of %d", got.TTL, got.GrantedTTL))
		}
		if len(got.Keys) != 1 || string(got.Keys[0]) != key {
			fail("lease", fmt.Errorf("lease of %s holds %q", key, got.Keys))
		}
		return nil
	})
}

func (s *lease) expectCount(ctx context.Context, key string, count int64) error {
	return again(ctx, func(ctx context.Context) error {
		got, err := s.client.Get(ctx, key, clientv3.WithCountOnly())
		if err != nil {
			return err
		}
		if got.Count != count {
			fail("lease", fmt.Errorf("%d keys %s, expected %d", got.Count, key, count))
		}
		return nil
	})
}

// finish lets a lease of the shortest kind run out.
func (s *lease) finish(ctx context.Context) error {
	if err := s.expectCount(ctx, keptKey, 1); err != nil {
		return err
	}
	if _, err := s.grantWithKey(ctx, "lease/short", 1); err != nil {
		return err
	}
	return again(ctx, func(ctx context.Context) error {
		got, err := s.client.Get(ctx, "lease/short", clientv3.WithCountOnly())
		if err == nil && got.Count != 0 {
			err = errors.New("the key of an expired lease is still there")
		}
		return err
	})
}
