package main

import (
	"context"
	"errors"
	"fmt"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// kv writes keys, reads them back, and deletes every third.
type kv struct {
	client *clientv3.Client
	left   int64
}

func newKV(client *clientv3.Client) scenario { return &kv{client: client} }

func (s *kv) round(ctx context.Context, n int) error {
	key, value := fmt.Sprintf("kv/%08d", n), fmt.Sprintf("value %d", n)
	if err := again(ctx, func(ctx context.Context) error {
		_, err := s.client.Put(ctx, key, value)
		return err
	}); err != nil {
		return err
	}
	if err := s.expect(ctx, key, value); err != nil {
		return err
	}
	if n%3 != 0 {
		s.left++
		return nil
	}
	if err := again(ctx, func(ctx context.Context) error {
		_, err := s.client.Delete(ctx, key)
		return err
	}); err != nil {
		return err
	}
	return s.expect(ctx, key, "")
}

func (s *kv) expect(ctx context.Context, key, value string) error {
	return again(ctx, func(ctx context.Context) error {
		got, err := s.client.Get(ctx, key)
		if err != nil {
			return err
		}
		found := ""
		if len(got.Kvs) == 1 {
			found = string(got.Kvs[0].Value)
		}
		if found != value {
			fail("kv", fmt.Errorf("%s is %q, expected %q", key, found, value))
		}
		return nil
	})
}

func (s *kv) finish(ctx context.Context) error {
	return again(ctx, func(ctx context.Context) error {
		got, err := s.client.Get(ctx, "kv/", clientv3.WithPrefix(), clientv3.WithCountOnly())
		if err != nil {
			return err
		}
		if got.Count != s.left {
			fail("kv", fmt.Errorf("%d keys left, expected %d", got.Count, s.left))
		}
		return nil
	})
}

// txn counts with compare-and-swap. An attempt without an answer may have counted or not.
type txn struct {
	client          *clientv3.Client
	acknowledged    int64
	unknown         int64
	previousVersion int64
}

const counter = "txn/counter"

func newTxn(client *clientv3.Client) scenario { return &txn{client: client} }

func (s *txn) round(ctx context.Context, _ int) error {
	return again(ctx, func(ctx context.Context) error {
		got, err := s.client.Get(ctx, counter)
		if err != nil {
			return err
		}
		var revision, version int64
		if len(got.Kvs) == 1 {
			revision, version = got.Kvs[0].ModRevision, got.Kvs[0].Version
		}
		if version < s.previousVersion {
			fail("txn", fmt.Errorf("the counter went back from %d to %d", s.previousVersion, version))
		}
		s.previousVersion = version
		done, err := s.client.Txn(ctx).
			If(clientv3.Compare(clientv3.ModRevision(counter), "=", revision)).
			Then(clientv3.OpPut(counter, fmt.Sprint(version+1)), clientv3.OpGet(counter)).
			Else(clientv3.OpGet(counter)).
			Commit()
		if err != nil {
			s.unknown++
			return err
		}
		if !done.Succeeded {
			return errors.New("somebody else counted")
		}
		if seen := done.Responses[1].GetResponseRange().Kvs[0]; seen.Version != version+1 {
			fail("txn", fmt.Errorf("a txn read version %d after its own put of %d", seen.Version, version+1))
		}
		s.acknowledged++
		return nil
	})
}

func (s *txn) finish(ctx context.Context) error {
	return again(ctx, func(ctx context.Context) error {
		got, err := s.client.Get(ctx, counter)
		if err != nil {
			return err
		}
		version := got.Kvs[0].Version
		if version < s.acknowledged || version > s.acknowledged+s.unknown {
			fail("txn", fmt.Errorf("counted %d, acknowledged %d, unknown %d", version, s.acknowledged, s.unknown))
		}
		return nil
	})
}
