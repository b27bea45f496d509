package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/coalition-ledger/coalition-ledger/api/notify"
	"github.com/coalition-ledger/coalition-ledger/api/watch"
	"github.com/coalition-ledger/coalition-ledger/cmd/ledgerd/demodata"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

// tellWritten posts the stories of demodata line by line: later lines rest on
// earlier ones.
func (d *demo) tellWritten(ctx context.Context) error {
	lines, err := demodata.Stories()
	if err != nil {
		return err
	}
	told := map[string]domain.Ref{}
	for _, l := range lines {
		payload, err := l.Fill(d.clock(), told)
		if err != nil {
			return err
		}
		r, err := d.post(ctx, l.As, l.Type, payload)
		if err != nil {
			return fmt.Errorf("%s: %w", l.Place, err)
		}
		if l.Name != "" {
			told[l.Name] = ref(r)
		}
	}
	return nil
}

// telling says where the demonstration's subscriptions are kept.
func (d *demo) telling() subscribing {
	return subscribing{Subscriptions: filepath.Join(d.dir, "subscriptions"), PerAgency: 50, Loopback: true}
}

// subscribe lets the registry of XB be told of ships that claim its flag. It
// begins with the first event, so that its stream has something to tell.
func (d *demo) subscribe(context.Context) error {
	kept, err := d.telling().open()
	if err != nil {
		return err
	}
	_, err = kept.Add(notify.Subscription{
		Agency: registry, Watch: []watch.Watch{{Kind: "flag", Value: string(registry.Member())}}, CreatedAt: d.clock().UTC(),
	})
	return err
}
