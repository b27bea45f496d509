package eventstore_test

import (
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore/eventstoretest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	eventstoretest.Run(t, func(testing.TB) eventstore.Store { return eventstore.Memory() })
}
