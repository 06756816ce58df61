// Command contender enters a lock or an election again and again with clientv3/concurrency, and
// checks with a key of its own that nobody else is in there with it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
)

func main() {
	endpoints := flag.String("endpoints", "", "of the cluster, separated by commas")
	kind := flag.String("kind", "lock", "lock or election")
	name := flag.String("name", "", "of the lock or election")
	guard := flag.String("guard", "", "key that is there while somebody is inside")
	rounds := flag.Int("rounds", 10, "how often to enter")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx, strings.Split(*endpoints, ","), *kind, *name, *guard, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("entered %d times\n", *rounds)
}

func run(ctx context.Context, endpoints []string, kind, name, guard string, rounds int) error {
	client, err := clientv3.New(clientv3.Config{Endpoints: endpoints, DialTimeout: 10 * time.Second})
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := concurrency.NewSession(client, concurrency.WithTTL(20))
	if err != nil {
		return err
	}
	defer session.Close()
	for range rounds {
		enter, leave := lock(session, name)
		if kind == "election" {
			enter, leave = election(session, name)
		}
		if err := enter(ctx); err != nil {
			return fmt.Errorf("enter: %w", err)
		}
		if err := beAlone(ctx, client, guard); err != nil {
			return err
		}
		if err := leave(ctx); err != nil {
			return fmt.Errorf("leave: %w", err)
		}
	}
	return nil
}

type step func(context.Context) error

func lock(session *concurrency.Session, name string) (enter, leave step) {
	mutex := concurrency.NewMutex(session, name)
	return mutex.Lock, mutex.Unlock
}

func election(session *concurrency.Session, name string) (enter, leave step) {
	election := concurrency.NewElection(session, name)
	campaign := func(ctx context.Context) error { return election.Campaign(ctx, "go") }
	return campaign, election.Resign
}

func beAlone(ctx context.Context, client *clientv3.Client, guard string) error {
	missing := clientv3.Compare(clientv3.CreateRevision(guard), "=", 0)
	put, err := client.Txn(ctx).If(missing).Then(clientv3.OpPut(guard, "go")).Commit()
	if err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	if !put.Succeeded {
		return errors.New("somebody else is inside too")
	}
	if _, err := client.Delete(ctx, guard); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	return nil
}
