package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	steadyPrefix = "steady/"
	steadyKeys   = 10000
	// After the last put, for watchers to have everything.
	steadyPatience = 30 * time.Second
)

// steadyLoad puts at a fixed rate until its standard input ends, and watches what it puts.
type steadyLoad struct {
	pool  []*clientv3.Client
	value string

	mu     sync.Mutex
	took   []time.Duration
	newest map[string]acknowledged
	last   int64
	failed int
}

type acknowledged struct {
	revision int64
	value    string
}

// steady starts each put when its time has come, whatever has become of those before, and counts its
// latency from then. In the end every acknowledged put must be there, and every watcher must have had it.
func steady(endpoints []string, conns, rate, watchers int) error {
	load := &steadyLoad{value: fmt.Sprintf("%064d", 0), newest: map[string]acknowledged{}}
	for range conns {
		config := clientv3.Config{Endpoints: endpoints, DialTimeout: 10 * time.Second}
		client, err := clientv3.New(config)
		if err != nil {
			return err
		}
		defer client.Close()
		load.pool = append(load.pool, client)
	}
	seen := make([]*watched, watchers)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for i := range seen {
		seen[i] = watch(ctx, load.pool[i%conns])
	}
	elapsed := load.run(rate)
	lost, err := load.lost()
	if err != nil {
		return err
	}
	missed := load.missed(seen)
	report(elapsed, len(load.took), load.took)
	fmt.Printf("  Failed: %d\n  Lost: %d\n  Missed: %d\n", load.failed, lost, missed)
	return nil
}

func (l *steadyLoad) run(rate int) time.Duration {
	var over atomic.Bool
	go func() {
		io.Copy(io.Discard, os.Stdin)
		over.Store(true)
	}()
	var wg sync.WaitGroup
	start := time.Now()
	for i := 0; !over.Load(); i++ {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		wg.Add(1)
		go func() {
			defer wg.Done()
			l.put(i, due)
		}()
	}
	wg.Wait()
	return time.Since(start)
}

func (l *steadyLoad) put(i int, due time.Time) {
	key := steadyPrefix + strconv.Itoa(i%steadyKeys)
	value := strconv.Itoa(i) + l.value
	response, err := l.pool[i%len(l.pool)].Put(context.Background(), key, value)
	took := time.Since(due)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failed++
		return
	}
	l.took = append(l.took, took)
	revision := response.Header.Revision
	l.last = max(l.last, revision)
	if revision > l.newest[key].revision {
		l.newest[key] = acknowledged{revision, value}
	}
}

// lost counts the keys that do not have what was acknowledged last. A put that failed may have happened.
func (l *steadyLoad) lost() (int, error) {
	response, err := l.pool[0].Get(context.Background(), steadyPrefix, clientv3.WithPrefix())
	if err != nil {
		return 0, err
	}
	found := map[string]acknowledged{}
	for _, kv := range response.Kvs {
		found[string(kv.Key)] = acknowledged{kv.ModRevision, string(kv.Value)}
	}
	lost := 0
	for key, put := range l.newest {
		if found[key] != put && found[key].revision <= put.revision {
			lost++
		}
	}
	return lost, nil
}

// missed counts the watchers that have not had every acknowledged put, or not in order.
func (l *steadyLoad) missed(seen []*watched) int {
	missed := 0
	deadline := time.Now().Add(steadyPatience)
	for _, each := range seen {
		for each.last.Load() < l.last && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond)
		}
		if each.disorder.Load() || each.events.Load() < int64(len(l.took)) {
			missed++
		}
	}
	return missed
}

type watched struct {
	events   atomic.Int64
	last     atomic.Int64
	disorder atomic.Bool
}

// watch returns when the watcher exists, so that it has everything put afterwards.
func watch(ctx context.Context, client *clientv3.Client) *watched {
	seen := &watched{}
	responses := client.Watch(ctx, steadyPrefix, clientv3.WithPrefix(), clientv3.WithCreatedNotify())
	<-responses
	go func() {
		for response := range responses {
			for _, event := range response.Events {
				if event.Kv.ModRevision <= seen.last.Load() {
					seen.disorder.Store(true)
				}
				seen.last.Store(event.Kv.ModRevision)
				seen.events.Add(1)
			}
		}
	}()
	return seen
}
