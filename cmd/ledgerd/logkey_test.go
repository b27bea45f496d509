package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

func TestALogKeyThatOthersMayReadIsRefused(t *testing.T) {
	skey, _, err := translog.GenerateLogKey("test.example/ledger")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "log.key")
	if err := os.WriteFile(path, []byte(skey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, good := range map[os.FileMode]bool{0o400: true, 0o600: true, mountedSecret: true, 0o640: false, 0o444: false, 0o604: false, 0o660: false} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := readLogKey(path)
		if refused := err != nil && strings.Contains(err.Error(), "chmod 600"); (err == nil) != good || refused == good {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
}
