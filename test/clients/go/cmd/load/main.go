// Command load puts on a server what etcd's own benchmark does not cover, and reports as it does.
//
//	load grant       grants leases as fast as they are answered
//	load first-read  waits for the first answer to a linearizable read
//	load steady      puts at a fixed rate until its standard input ends, watched by others
//	load fan-out     puts a key that all watchers watch, until they have had all of it
//	load hold        keeps watchers of a key each, until its standard input ends
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

func main() {
	if len(os.Args) < 2 {
		fatal(fmt.Errorf("usage: load grant|first-read|steady|fan-out|hold"))
	}
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	endpoints := flags.String("endpoints", "", "of the cluster, separated by commas")
	conns := flags.Int("conns", 1, "connections")
	clients := flags.Int("clients", 1, "requests under way")
	total := flags.Int("total", 10000, "requests")
	rate := flags.Int("rate", 500, "puts a second")
	watchers := flags.Int("watchers", 0, "watchers")
	flags.Parse(os.Args[2:])
	targets := strings.Split(*endpoints, ",")
	switch os.Args[1] {
	case "grant":
		fatal(grant(targets, *conns, *clients, *total))
	case "first-read":
		fatal(firstRead(targets[0]))
	case "steady":
		fatal(steady(targets, *conns, *rate, *watchers))
	case "fan-out":
		fatal(fanOut(targets[0], *conns, *clients, *watchers, *total))
	case "hold":
		fatal(hold(targets[0], *conns, *watchers))
	default:
		fatal(fmt.Errorf("unknown load %q", os.Args[1]))
	}
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func grant(endpoints []string, conns, clients, total int) error {
	pool := make([]*clientv3.Client, conns)
	for i := range pool {
		config := clientv3.Config{Endpoints: endpoints, DialTimeout: 10 * time.Second}
		client, err := clientv3.New(config)
		if err != nil {
			return err
		}
		defer client.Close()
		pool[i] = client
	}
	var failed atomic.Pointer[error]
	var next atomic.Int64
	took := make([]time.Duration, total)
	var wg sync.WaitGroup
	start := time.Now()
	for i := range clients {
		wg.Add(1)
		go func(client *clientv3.Client) {
			defer wg.Done()
			for {
				at := int(next.Add(1)) - 1
				if at >= total {
					return
				}
				begin := time.Now()
				if _, err := client.Grant(context.Background(), 600); err != nil {
					failed.Store(&err)
					return
				}
				took[at] = time.Since(begin)
			}
		}(pool[i%conns])
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	report(time.Since(start), total, took)
	return nil
}

func report(elapsed time.Duration, operations int, took []time.Duration) {
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() }
	fmt.Printf("Summary:\n  Total: %v secs.\n", elapsed.Seconds())
	fmt.Printf("  Slowest: %v secs.\n", took[len(took)-1].Seconds())
	fmt.Printf("  Requests/sec: %v\n", float64(operations)/elapsed.Seconds())
	fmt.Printf("  50%% in %v secs.\n  99%% in %v secs.\n", at(0.5), at(0.99))
}

// firstRead dials again and again, as a connection of gRPC's own would back off too long.
func firstRead(endpoint string) error {
	for begin := time.Now(); time.Since(begin) < 5*time.Minute; time.Sleep(5 * time.Millisecond) {
		if tryRead(endpoint) {
			return nil
		}
	}
	return fmt.Errorf("no answer from %s", endpoint)
}

func tryRead(endpoint string) bool {
	conn, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return false
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err = pb.NewKVClient(conn).Range(ctx, &pb.RangeRequest{Key: []byte("first-read")})
	return err == nil
}
