package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
)

// Sessions must outlive an election and a restart, so that losing one is always the cluster's fault.
const sessionTTLSeconds = 20

func newSession(ctx context.Context, client *clientv3.Client) (*concurrency.Session, error) {
	var session *concurrency.Session
	err := again(ctx, func(context.Context) error {
		var err error
		session, err = concurrency.NewSession(client, concurrency.WithTTL(sessionTTLSeconds))
		return err
	})
	return session, err
}

// lock lets two sessions fight for one mutex; never may both hold it.
type lock struct {
	client   *clientv3.Client
	sessions []*concurrency.Session
	holders  atomic.Int32
}

func newLock(client *clientv3.Client) scenario { return &lock{client: client} }

func (s *lock) round(ctx context.Context, _ int) error {
	for len(s.sessions) < 2 {
		session, err := newSession(ctx, s.client)
		if err != nil {
			return err
		}
		s.sessions = append(s.sessions, session)
	}
	results := make(chan error, len(s.sessions))
	for _, session := range s.sessions {
		go func() { results <- s.hold(ctx, session) }()
	}
	return errors.Join(<-results, <-results)
}

func (s *lock) hold(ctx context.Context, session *concurrency.Session) error {
	mutex := concurrency.NewMutex(session, "lock/one")
	if err := again(ctx, mutex.Lock); err != nil {
		return err
	}
	if s.holders.Add(1) != 1 {
		return errors.New("two sessions hold one lock")
	}
	if err := again(ctx, func(ctx context.Context) error {
		// A transaction of compares alone counts as a serializable read; the get makes it a linearizable one.
		owned, err := s.client.Txn(ctx).If(mutex.IsOwner()).Then(clientv3.OpGet(mutex.Key())).Commit()
		if err == nil && !owned.Succeeded {
			select {
			case <-session.Done():
				fail("lock", errors.New("the session of a held lock was lost"))
			default:
				fail("lock", errors.New("the lock's key is gone while it is held"))
			}
		}
		return err
	}); err != nil {
		return err
	}
	s.holders.Add(-1)
	return again(ctx, func(ctx context.Context) error {
		err := mutex.Unlock(ctx)
		if errors.Is(err, concurrency.ErrLockReleased) {
			return nil
		}
		return err
	})
}

func (s *lock) finish(context.Context) error {
	for _, session := range s.sessions {
		select {
		case <-session.Done():
			return errors.New("a session was lost")
		default:
		}
	}
	return nil
}

// election lets two candidates lead in turn, as an observer sees them.
type election struct {
	client   *clientv3.Client
	sessions []*concurrency.Session
}

func newElection(client *clientv3.Client) scenario { return &election{client: client} }

func (s *election) round(ctx context.Context, n int) error {
	for len(s.sessions) < 2 {
		session, err := newSession(ctx, s.client)
		if err != nil {
			return err
		}
		s.sessions = append(s.sessions, session)
	}
	candidate := concurrency.NewElection(s.sessions[n%2], "election/one")
	name := strconv.Itoa(n)
	if err := again(ctx, func(ctx context.Context) error { return candidate.Campaign(ctx, name) }); err != nil {
		return fmt.Errorf("campaign: %w", err)
	}
	if err := s.observe(ctx, name); err != nil {
		return fmt.Errorf("observe: %w", err)
	}
	if err := again(ctx, func(ctx context.Context) error { return candidate.Proclaim(ctx, name+" again") }); err != nil {
		return fmt.Errorf("proclaim: %w", err)
	}
	if err := s.observe(ctx, name+" again"); err != nil {
		return fmt.Errorf("observe: %w", err)
	}
	if err := s.resign(ctx, candidate); err != nil {
		return fmt.Errorf("resign: %w", err)
	}
	return nil
}

// resign gives up leadership whatever happens on the way: a Resign that fails forgets its key, which
// would stay, and the next candidate would wait behind it for ever.
func (s *election) resign(ctx context.Context, candidate *concurrency.Election) error {
	key := candidate.Key()
	attempt, done := context.WithTimeout(ctx, 3*time.Second)
	err := candidate.Resign(attempt)
	done()
	if err == nil {
		return nil
	}
	return again(ctx, func(ctx context.Context) error {
		_, err := s.client.Delete(ctx, key)
		return err
	})
}

// observe waits until the other session's election shows this leader.
func (s *election) observe(ctx context.Context, value string) error {
	return again(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		last := "nobody"
		for seen := range concurrency.NewElection(s.sessions[0], "election/one").Observe(ctx) {
			last = string(seen.Kvs[0].Value)
			if last == value {
				return nil
			}
		}
		return fmt.Errorf("observed %s, expected %s", last, value)
	})
}

func (s *election) finish(context.Context) error { return nil }

// stm moves money between accounts; the sum must stay.
type stm struct{ client *clientv3.Client }

const (
	accounts = 4
	wealth   = 400
)

func newSTM(client *clientv3.Client) scenario { return &stm{client} }

func account(n int) string { return fmt.Sprintf("stm/%d", n%accounts) }

func (s *stm) round(ctx context.Context, n int) error {
	if n == 0 {
		return again(ctx, func(ctx context.Context) error {
			_, err := s.client.Put(ctx, account(0), strconv.Itoa(wealth))
			return err
		})
	}
	results := make(chan error, 2)
	for i := range 2 {
		go func() {
			results <- again(ctx, func(ctx context.Context) error {
				_, err := concurrency.NewSTM(s.client, func(stm concurrency.STM) error {
					from, to := account(n), account(n+1+i)
					have, _ := strconv.Atoi(stm.Get(from))
					has, _ := strconv.Atoi(stm.Get(to))
					part := have / 3
					stm.Put(from, strconv.Itoa(have-part))
					stm.Put(to, strconv.Itoa(has+part))
					return nil
				}, concurrency.WithAbortContext(ctx), concurrency.WithIsolation(concurrency.SerializableSnapshot))
				return err
			})
		}()
	}
	if err := errors.Join(<-results, <-results); err != nil {
		return err
	}
	return s.finish(ctx)
}

func (s *stm) finish(ctx context.Context) error {
	return again(ctx, func(ctx context.Context) error {
		got, err := s.client.Get(ctx, "stm/", clientv3.WithPrefix())
		if err != nil {
			return err
		}
		sum := 0
		for _, kv := range got.Kvs {
			n, _ := strconv.Atoi(string(kv.Value))
			sum += n
		}
		if sum != wealth {
			fail("stm", fmt.Errorf("%d in all accounts, expected %d", sum, wealth))
		}
		return nil
	})
}
