package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/ledger/translog"
)

// GetCheckpoint answers with the newest signed checkpoint.
func (h handlers) GetCheckpoint(context.Context, gen.GetCheckpointRequestObject) (gen.GetCheckpointResponseObject, error) {
	note := h.cfg.Ledger.Checkpoint()
	if len(note) == 0 {
		return nil, problem(http.StatusServiceUnavailable, "ledger.not_ready", "no checkpoint is signed yet: try again later").after(5)
	}
	return body(http.StatusOK, "text/plain; charset=utf-8", note), nil
}

// GetTile answers with a tile of hashes.
func (h handlers) GetTile(_ context.Context, in gen.GetTileRequestObject) (gen.GetTileResponseObject, error) {
	p, err := translog.ParseTilePath("tile/" + in.Tile)
	if err != nil {
		return nil, err
	}
	tile, err := h.cfg.Ledger.Tile(p.Level, p.N, p.Width)
	if err != nil {
		return nil, err
	}
	return forever(tile, "public"), nil
}

// GetEntries answers with a bundle of entries.
func (h handlers) GetEntries(ctx context.Context, in gen.GetEntriesRequestObject) (gen.GetEntriesResponseObject, error) {
	p, err := translog.ParseTilePath("tile/entries/" + in.Tile)
	if err != nil {
		return nil, err
	}
	first := p.N * translog.TileWidth
	if first+uint64(p.Width) > h.cfg.Ledger.Size() {
		return nil, fmt.Errorf("entries %s: %w", p, translog.ErrRange)
	}
	bundle, left := []byte(nil), p.Width
	for leaf, err := range h.cfg.Ledger.Leaves(ctx, first) {
		if err != nil {
			return nil, err
		}
		if bundle, err = translog.AppendEntry(bundle, translog.LeafEntry(leaf.RecordedAt, leaf.Envelope)); err != nil {
			return nil, err
		}
		if left--; left == 0 {
			break
		}
	}
	return forever(bundle, "private"), nil
}

// forever answers with bytes that never change.
func forever(data []byte, scope string) reply {
	return func(w http.ResponseWriter) error {
		w.Header().Set("Cache-Control", scope+", max-age=31536000, immutable")
		return body(http.StatusOK, "application/octet-stream", data)(w)
	}
}
