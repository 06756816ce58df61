package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// watch writes keys and watches them twice: once with a watch that lives as long as the program (the client library resumes
// it after a lost member), and once with watches that are dropped and resumed by hand after every few events. Both must have
// seen each acknowledged write exactly once and in order.
type watch struct {
	client       *clientv3.Client
	mutex        sync.Mutex
	acknowledged map[int64]string
	last         int64
	long, short  *follower
}

// follower is the history one way of watching has seen.
type follower struct {
	name  string
	mutex sync.Mutex
	seen  []seen
}

type seen struct {
	revision int64
	key      string
}

func (f *follower) add(events []*clientv3.Event) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, event := range events {
		if n := len(f.seen); n > 0 && f.seen[n-1].revision >= event.Kv.ModRevision {
			fail("watch", fmt.Errorf("%s: revision %d came after %d", f.name, event.Kv.ModRevision, f.seen[n-1].revision))
		}
		f.seen = append(f.seen, seen{event.Kv.ModRevision, string(event.Kv.Key)})
	}
}

func (f *follower) lastRevision() int64 {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if len(f.seen) == 0 {
		return 0
	}
	return f.seen[len(f.seen)-1].revision
}

const (
	watched    = "watch/"
	shortWatch = 7
)

func newWatch(client *clientv3.Client) scenario {
	s := &watch{
		client:       client,
		acknowledged: map[int64]string{},
		long:         &follower{name: "the long watch"},
		short:        &follower{name: "the short watches"},
	}
	go s.follow(s.long, 0)
	go s.follow(s.short, shortWatch)
	return s
}

// follow watches from the beginning on; after `limit` events (0: never) it drops the watch and resumes.
func (s *watch) follow(f *follower, limit int) {
	next := int64(1)
	for {
		ctx, cancel := context.WithCancel(context.Background())
		events := 0
		for response := range s.client.Watch(clientv3.WithRequireLeader(ctx), watched, clientv3.WithPrefix(), clientv3.WithRev(next)) {
			f.add(response.Events)
			events += len(response.Events)
			if n := len(response.Events); n > 0 {
				next = response.Events[n-1].Kv.ModRevision + 1
			}
			if response.CompactRevision != 0 {
				fail("watch", fmt.Errorf("%s: compacted at %d", f.name, response.CompactRevision))
			}
			if response.Canceled || (limit > 0 && events >= limit) {
				break
			}
		}
		cancel()
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *watch) round(ctx context.Context, n int) error {
	key := fmt.Sprintf("%s%d", watched, n%10)
	return again(ctx, func(ctx context.Context) error {
		put, err := s.client.Put(ctx, key, fmt.Sprint(n))
		if err != nil {
			return err
		}
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.acknowledged[put.Header.Revision] = key
		s.last = put.Header.Revision
		return nil
	})
}

func (s *watch) finish(ctx context.Context) error {
	if err := again(ctx, func(context.Context) error {
		if s.long.lastRevision() < s.last || s.short.lastRevision() < s.last {
			return fmt.Errorf("watched up to %d and %d, written up to %d", s.long.lastRevision(), s.short.lastRevision(), s.last)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, f := range []*follower{s.long, s.short} {
		found := map[int64]string{}
		for _, one := range f.seen {
			found[one.revision] = one.key
		}
		for revision, key := range s.acknowledged {
			if found[revision] != key {
				return fmt.Errorf("%s missed the put of %s at revision %d", f.name, key, revision)
			}
		}
	}
	return s.sameHistory()
}

// sameHistory compares the two histories as far as both reach; they may hold unacknowledged writes, but the same ones.
func (s *watch) sameHistory() error {
	for i := range min(len(s.long.seen), len(s.short.seen)) {
		if s.long.seen[i] != s.short.seen[i] {
			return fmt.Errorf("event %d: %v in the long watch, %v in the short ones", i, s.long.seen[i], s.short.seen[i])
		}
	}
	return nil
}
