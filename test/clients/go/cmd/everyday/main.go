// Everyday lives off a cluster the way services do, through etcd's own Go client: keys, transactions, watches, leases, locks,
// elections and software transactional memory, all at once and without end, until its standard input is closed. Whoever
// starts it kills and restarts members meanwhile.
//
// A line `round <scenario>` on standard output is one more round of a scenario done; at the end comes `done`. Anything the
// cluster should not have done ends the program with exit 1 and the reason on standard error.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

// A scenario runs one round after the other until asked to stop; finish looks at what is left behind.
type scenario interface {
	round(ctx context.Context, n int) error
	finish(ctx context.Context) error
}

func open(endpoints []string) *clientv3.Client {
	client, err := clientv3.New(clientv3.Config{
		Endpoints:            endpoints,
		DialTimeout:          5 * time.Second,
		DialKeepAliveTime:    2 * time.Second,
		DialKeepAliveTimeout: 2 * time.Second,
		Logger:               zap.NewNop(),
	})
	if err != nil {
		fail("client", err)
	}
	return client
}

var started = time.Now()

func fail(who string, err error) {
	fmt.Fprintf(os.Stderr, "%s after %s: %v\n", who, time.Since(started).Round(time.Millisecond), err)
	os.Exit(1)
}

// again repeats what may be repeated (it changes nothing, or the same thing twice) until it succeeds.
func again(ctx context.Context, what func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		attempt, done := context.WithTimeout(ctx, 3*time.Second)
		err := what(attempt)
		done()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no success within 30 s: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func main() {
	endpoints := flag.String("endpoints", "127.0.0.1:2379", "comma separated endpoints")
	only := flag.String("scenarios", "", "comma separated names, all when empty")
	flag.Parse()
	list := strings.Split(*endpoints, ",")

	makers := map[string]func(*clientv3.Client) scenario{
		"kv": newKV, "txn": newTxn, "watch": newWatch, "lease": newLease,
		"lock": newLock, "election": newElection, "stm": newSTM,
	}
	stop := make(chan struct{})
	var running sync.WaitGroup
	for name, maker := range makers {
		if *only != "" && !strings.Contains(","+*only+",", ","+name+",") {
			continue
		}
		running.Add(1)
		go func() {
			defer running.Done()
			live(name, maker(open(list)), stop)
		}()
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	close(stop)
	running.Wait()
	fmt.Println("done")
}

func live(name string, s scenario, stop <-chan struct{}) {
	ctx := context.Background()
	for n := 0; ; n++ {
		select {
		case <-stop:
			if err := s.finish(ctx); err != nil {
				fail(name, err)
			}
			return
		case <-time.After(5 * time.Millisecond):
		}
		if err := s.round(ctx, n); err != nil {
			fail(name, fmt.Errorf("round %d: %w", n, err))
		}
		fmt.Println("round", name)
	}
}
