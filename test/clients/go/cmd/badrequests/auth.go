package main

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"go.etcd.io/etcd/api/v3/authpb"
	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

// asks makes a case of a method of Auth whose answer does not matter.
func asks(name, method string, request proto.Message) badCase {
	return badCase{"auth: " + name, func(ctx context.Context, s *server) (string, error) {
		return "", s.conn.Invoke(ctx, "/etcdserverpb.Auth/"+method, request, &emptypb.Empty{})
	}}
}

var authCases = []badCase{
	asks("user without a name", "UserAdd", &pb.AuthUserAddRequest{Password: "p", Options: &authpb.UserAddOptions{}}),
	asks("user without a password", "UserAdd", &pb.AuthUserAddRequest{Name: "careless", Options: &authpb.UserAddOptions{}}),
	asks("user", "UserAdd", &pb.AuthUserAddRequest{Name: "u", Password: "p", Options: &authpb.UserAddOptions{}}),
	asks("the same user again", "UserAdd", &pb.AuthUserAddRequest{Name: "u", Password: "p", Options: &authpb.UserAddOptions{}}),
	asks("role without a name", "RoleAdd", &pb.AuthRoleAddRequest{}),
	asks("role", "RoleAdd", &pb.AuthRoleAddRequest{Name: "r"}),
	asks("the same role again", "RoleAdd", &pb.AuthRoleAddRequest{Name: "r"}),
	asks("get of no user", "UserGet", &pb.AuthUserGetRequest{Name: "nobody"}),
	asks("delete of no user", "UserDelete", &pb.AuthUserDeleteRequest{Name: "nobody"}),
	asks("password of no user", "UserChangePassword", &pb.AuthUserChangePasswordRequest{Name: "nobody", Password: "p"}),
	asks("role to no user", "UserGrantRole", &pb.AuthUserGrantRoleRequest{User: "nobody", Role: "r"}),
	asks("no role to a user", "UserGrantRole", &pb.AuthUserGrantRoleRequest{User: "u", Role: "none"}),
	asks("take a role that is not granted", "UserRevokeRole", &pb.AuthUserRevokeRoleRequest{Name: "u", Role: "r"}),
	asks("take a role from no user", "UserRevokeRole", &pb.AuthUserRevokeRoleRequest{Name: "nobody", Role: "r"}),
	asks("get of no role", "RoleGet", &pb.AuthRoleGetRequest{Role: "none"}),
	asks("delete of no role", "RoleDelete", &pb.AuthRoleDeleteRequest{Role: "none"}),
	asks("no permission", "RoleGrantPermission", &pb.AuthRoleGrantPermissionRequest{Name: "r"}),
	asks("permission to no role", "RoleGrantPermission", &pb.AuthRoleGrantPermissionRequest{Name: "none", Perm: &authpb.Permission{Key: a}}),
	asks("permission over a reversed range", "RoleGrantPermission", &pb.AuthRoleGrantPermissionRequest{Name: "r", Perm: &authpb.Permission{Key: b, RangeEnd: a}}),
	asks("take a permission that is not granted", "RoleRevokePermission", &pb.AuthRoleRevokePermissionRequest{Role: "r", Key: []byte("x")}),
	asks("enable without root", "AuthEnable", &pb.AuthEnableRequest{}),
	asks("disable what is off", "AuthDisable", &pb.AuthDisableRequest{}),
	asks("authenticate while off", "Authenticate", &pb.AuthenticateRequest{Name: "u", Password: "p"}),
	{"auth: status", func(ctx context.Context, s *server) (string, error) {
		got, err := s.auth.AuthStatus(ctx, &pb.AuthStatusRequest{})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("enabled %t revision %d", got.Enabled, got.AuthRevision), nil
	}},
}
