package main

import (
	"fmt"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"

	_ "google.golang.org/grpc/encoding/proto"
)

// watchResponse is what the load wants to know of a WatchResponse.
type watchResponse struct {
	id        int64
	created   bool
	canceled  bool
	revisions []int64
}

// watchCodec looks at the wire form of responses and makes no objects of their events: those would
// cost more than the server spends on them, and it is the server that shall be measured.
type watchCodec struct{}

func (watchCodec) Name() string { return "proto" }

func (watchCodec) Marshal(message any) (mem.BufferSlice, error) {
	return encoding.GetCodecV2("proto").Marshal(message)
}

func (watchCodec) Unmarshal(data mem.BufferSlice, message any) error {
	response := message.(*watchResponse)
	*response = watchResponse{revisions: response.revisions[:0]}
	buffer := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer buffer.Free()
	return eachField(buffer.ReadOnlyData(), func(field protowire.Number, number uint64, bytes []byte) error {
		switch field {
		case 2:
			response.id = int64(number)
		case 3:
			response.created = number != 0
		case 4:
			response.canceled = number != 0
		case 11:
			revision, err := modRevision(bytes)
			response.revisions = append(response.revisions, revision)
			return err
		}
		return nil
	})
}

// modRevision of an Event's key.
func modRevision(event []byte) (revision int64, err error) {
	err = eachField(event, func(field protowire.Number, _ uint64, bytes []byte) error {
		if field != 2 {
			return nil
		}
		return eachField(bytes, func(field protowire.Number, number uint64, _ []byte) error {
			if field == 3 {
				revision = int64(number)
			}
			return nil
		})
	})
	return revision, err
}

// eachField calls visit with each field of a message, a number or bytes.
func eachField(message []byte, visit func(protowire.Number, uint64, []byte) error) error {
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
		var number uint64
		var bytes []byte
		switch kind {
		case protowire.VarintType:
			number, n = protowire.ConsumeVarint(message)
		case protowire.BytesType:
			bytes, n = protowire.ConsumeBytes(message)
		default:
			return fmt.Errorf("field %d is of kind %d", field, kind)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
		if err := visit(field, number, bytes); err != nil {
			return err
		}
	}
	return nil
}
