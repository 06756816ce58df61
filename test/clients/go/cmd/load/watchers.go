package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

// Bytes of a key, as `benchmark put --key-size=16` makes them.
const watchedKeyBytes = 16

func watchedKey(i int) []byte {
	key := make([]byte, watchedKeyBytes)
	binary.PutVarint(key, int64(i))
	return key
}

func dial(endpoint string) (*grpc.ClientConn, error) {
	return grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

// watchStream is a connection with one stream of many watchers.
type watchStream struct {
	stream   grpc.ClientStream
	watchers int
	// By watch id: the revision of the last event.
	last map[int64]int64
	// Of all its watchers.
	events    int
	responses int
}

func openWatchStream(endpoint string) (*watchStream, error) {
	conn, err := dial(endpoint)
	if err != nil {
		return nil, err
	}
	description := &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
	codec := grpc.ForceCodecV2(watchCodec{})
	stream, err := conn.NewStream(context.Background(), description, pb.Watch_Watch_FullMethodName, codec)
	return &watchStream{stream: stream, last: map[int64]int64{}}, err
}

// create returns when there is a watcher for each of the keys.
func (s *watchStream) create(keys [][]byte) error {
	s.watchers = len(keys)
	sent := make(chan error, 1)
	go func() {
		for _, key := range keys {
			create := &pb.WatchCreateRequest{Key: key}
			union := &pb.WatchRequest_CreateRequest{CreateRequest: create}
			if err := s.stream.SendMsg(&pb.WatchRequest{RequestUnion: union}); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for range keys {
		var response watchResponse
		if err := s.stream.RecvMsg(&response); err != nil {
			return err
		}
		if !response.created || response.canceled {
			return fmt.Errorf("not created: %+v", response)
		}
	}
	return <-sent
}

// receive returns when there have been so many events; they must be in order.
func (s *watchStream) receive(events int) error {
	var response watchResponse
	for s.events < events {
		if err := s.stream.RecvMsg(&response); err != nil {
			return err
		}
		last := s.last[response.id]
		for _, revision := range response.revisions {
			if revision <= last {
				return fmt.Errorf("watcher %d: %d after %d", response.id, revision, last)
			}
			last = revision
		}
		s.last[response.id] = last
		s.events += len(response.revisions)
		s.responses++
	}
	return nil
}

// openWatchers spreads watchers over streams, the i-th being of the key that keyOf gives.
func openWatchers(endpoint string, conns, watchers int, keyOf func(int) []byte) ([]*watchStream, error) {
	keys := make([][][]byte, conns)
	for i := range watchers {
		keys[i%conns] = append(keys[i%conns], keyOf(i))
	}
	streams := make([]*watchStream, conns)
	return streams, inParallel(conns, func(i int) error {
		stream, err := openWatchStream(endpoint)
		if err != nil {
			return err
		}
		streams[i] = stream
		return stream.create(keys[i])
	})
}

// inParallel returns one of the errors, when all calls have returned.
func inParallel(count int, call func(int) error) error {
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	for i := range count {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := call(i); err != nil {
				failed.Store(&err)
			}
		}()
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// fanOut puts one key, again and again, and ends when every watcher has had every put. It reports
// events, with the latencies of the puts.
func fanOut(endpoint string, conns, clients, watchers, total int) error {
	key := watchedKey(0)
	streams, err := openWatchers(endpoint, conns, watchers, func(int) []byte { return key })
	if err != nil {
		return err
	}
	var next atomic.Int64
	took := make([]time.Duration, total)
	put := func() error {
		conn, err := dial(endpoint)
		if err != nil {
			return err
		}
		defer conn.Close()
		kv := pb.NewKVClient(conn)
		for {
			at := int(next.Add(1)) - 1
			if at >= total {
				return nil
			}
			begin := time.Now()
			request := &pb.PutRequest{Key: key, Value: []byte("data")}
			if _, err := kv.Put(context.Background(), request); err != nil {
				return err
			}
			took[at] = time.Since(begin)
		}
	}
	start := time.Now()
	err = inParallel(conns+clients, func(i int) error {
		if i < conns {
			return streams[i].receive(total * streams[i].watchers)
		}
		return put()
	})
	if err != nil {
		return err
	}
	elapsed := time.Since(start)
	responses := 0
	for _, stream := range streams {
		responses += stream.responses
	}
	report(elapsed, total*watchers, took)
	fmt.Printf("  Responses: %d\n", responses)
	return nil
}

// hold keeps watchers, each of a key of its own, until standard input ends.
func hold(endpoint string, conns, watchers int) error {
	streams, err := openWatchers(endpoint, conns, watchers, watchedKey)
	if err != nil {
		return err
	}
	for _, stream := range streams {
		go func() {
			for stream.stream.RecvMsg(&watchResponse{}) == nil {
			}
		}()
	}
	fmt.Println("Ready")
	io.Copy(io.Discard, os.Stdin)
	return nil
}
