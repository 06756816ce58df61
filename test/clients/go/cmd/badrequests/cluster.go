package main

import (
	"context"
	"fmt"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

func memberAdds(name string, learner bool, urls ...string) badCase {
	return badCase{"member add: " + name, func(ctx context.Context, s *server) (string, error) {
		_, err := s.cluster.MemberAdd(ctx, &pb.MemberAddRequest{PeerURLs: urls, IsLearner: learner})
		return "", err
	}}
}

func alarms(name string, request *pb.AlarmRequest) badCase {
	return badCase{"alarm: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.maint.Alarm(ctx, request)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("alarms %d", len(got.Alarms)), nil
	}}
}

func downgrades(name string, action pb.DowngradeRequest_DowngradeAction, version string) badCase {
	return badCase{"downgrade: " + name, func(ctx context.Context, s *server) (string, error) {
		got, err := s.maint.Downgrade(ctx, &pb.DowngradeRequest{Action: action, Version: version})
		if err != nil {
			return "", err
		}
		return "version " + got.Version, nil
	}}
}

// ownPeerURL adds a member with the peer URL that the only member has already.
func ownPeerURL(ctx context.Context, s *server) (string, error) {
	list, err := s.cluster.MemberList(ctx, &pb.MemberListRequest{})
	if err != nil {
		return "", err
	}
	_, err = s.cluster.MemberAdd(ctx, &pb.MemberAddRequest{PeerURLs: list.Members[0].PeerURLs})
	return "", err
}

// promoteVoter promotes the only member, which votes already.
func promoteVoter(ctx context.Context, s *server) (string, error) {
	list, err := s.cluster.MemberList(ctx, &pb.MemberListRequest{Linearizable: true})
	if err != nil {
		return "", err
	}
	_, err = s.cluster.MemberPromote(ctx, &pb.MemberPromoteRequest{ID: list.Members[0].ID})
	return "", err
}

var clusterCases = []badCase{
	memberAdds("no url", false),
	memberAdds("url without a scheme", false, "127.0.0.1:2380"),
	memberAdds("url of another scheme", false, "ftp://127.0.0.1:2380"),
	memberAdds("url without a port", false, "http://127.0.0.1"),
	memberAdds("url with a path", false, "http://127.0.0.1:2380/path"),
	memberAdds("learner with a bad url", true, "http://%zz"),
	{"member add: used peer url", ownPeerURL},
	{"member remove: unknown", func(ctx context.Context, s *server) (string, error) {
		_, err := s.cluster.MemberRemove(ctx, &pb.MemberRemoveRequest{ID: 4711})
		return "", err
	}},
	{"member update: unknown", func(ctx context.Context, s *server) (string, error) {
		_, err := s.cluster.MemberUpdate(ctx, &pb.MemberUpdateRequest{ID: 4711, PeerURLs: []string{"http://127.0.0.1:1"}})
		return "", err
	}},
	{"member promote: unknown", func(ctx context.Context, s *server) (string, error) {
		_, err := s.cluster.MemberPromote(ctx, &pb.MemberPromoteRequest{ID: 4711})
		return "", err
	}},
	{"member promote: a voter", promoteVoter},
	{"move leader: unknown", func(ctx context.Context, s *server) (string, error) {
		_, err := s.maint.MoveLeader(ctx, &pb.MoveLeaderRequest{TargetID: 4711})
		return "", err
	}},
	{"move leader: nobody", func(ctx context.Context, s *server) (string, error) {
		_, err := s.maint.MoveLeader(ctx, &pb.MoveLeaderRequest{})
		return "", err
	}},
	alarms("get of an unknown kind", &pb.AlarmRequest{Alarm: 9}),
	alarms("disarm of what is not armed", &pb.AlarmRequest{Action: pb.AlarmRequest_DEACTIVATE, MemberID: 4711, Alarm: pb.AlarmType_NOSPACE}),
	downgrades("no version", pb.DowngradeRequest_VALIDATE, ""),
	downgrades("no such form", pb.DowngradeRequest_VALIDATE, "three"),
	downgrades("two steps", pb.DowngradeRequest_VALIDATE, "3.5"),
	downgrades("the same", pb.DowngradeRequest_VALIDATE, "3.7"),
	downgrades("upwards", pb.DowngradeRequest_VALIDATE, "3.8.0"),
	downgrades("enable two steps", pb.DowngradeRequest_ENABLE, "3.5.0"),
	downgrades("unknown action", 9, "3.6.0"),
	downgrades("cancel of nothing", pb.DowngradeRequest_CANCEL, ""),
}

// deadlyCases end etcd 3.7.1 itself; whoever else is asked must survive them.
var deadlyCases = []badCase{
	alarms("unknown action", &pb.AlarmRequest{Action: 9}),
}
