package client

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/go-json-experiment/json"
)

// Leaf is a recorded envelope, exactly as the agency signed it.
type Leaf struct {
	Index      uint64 `json:"index"`
	RecordedAt int64  `json:"recorded_at"` // microseconds since 1970, UTC
	Envelope   string `json:"envelope"`
}

// Leaves yields all leaves from an index to the head. It checks that indexes
// follow each other, not what the leaves say: verify them against a
// checkpoint. An error is yielded once and ends it.
func (c *Client) Leaves(ctx context.Context, from uint64) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		res, err := c.call(ctx, http.MethodGet, fmt.Sprintf("/v1/events?from=%d", from), nil, "Accept", "application/x-ndjson")
		if err != nil {
			yield(Leaf{}, err)
			return
		}
		defer res.Body.Close()
		readLeaves(res.Body, from, yield)
	}
}

// Cosigned is a checkpoint with witnesses' cosignatures.
type Cosigned struct {
	Size uint64 `json:"size"`
	Note string `json:"checkpoint"`
}

// Cosigned yields the checkpoints that the ledger keeps with cosignatures, by
// size from one on. It checks that sizes ascend, not what the notes say: verify
// them. An error is yielded once and ends it.
func (c *Client) Cosigned(ctx context.Context, from uint64) iter.Seq2[Cosigned, error] {
	return func(yield func(Cosigned, error) bool) {
		for next, more := max(from, 1), true; more; {
			var page struct {
				Cosigned []Cosigned `json:"cosigned"`
				More     bool       `json:"more"`
			}
			if err := c.Get(ctx, fmt.Sprintf("/v1/cosigned?from=%d", next), &page); err != nil {
				yield(Cosigned{}, err)
				return
			}
			for _, one := range page.Cosigned {
				if one.Size < next {
					yield(Cosigned{}, fmt.Errorf("the ledger gave a cosigned checkpoint of size %d where %d is the least", one.Size, next))
					return
				}
				next = one.Size + 1
				if !yield(one, nil) {
					return
				}
			}
			more = page.More && len(page.Cosigned) > 0
		}
	}
}

func readLeaves(body io.Reader, next uint64, yield func(Leaf, error) bool) {
	for line, err := range linesOf(body) {
		if err != nil {
			yield(Leaf{}, fmt.Errorf("the stream broke off before index %d: ask again from there: %w", next, err))
			return
		}
		leaf, err := readLeaf(line, next)
		if !yield(leaf, err) || err != nil {
			return
		}
		next++
	}
}

func readLeaf(line []byte, want uint64) (Leaf, error) {
	var in struct {
		Leaf
		Problem *Error `json:"problem"`
	}
	switch err := json.Unmarshal(line, &in); {
	case err != nil:
		return Leaf{}, fmt.Errorf("leaf %d: %w", want, err)
	case in.Problem != nil:
		return Leaf{}, in.Problem
	case in.Index != want:
		return Leaf{}, fmt.Errorf("the stream has leaf %d where %d is due", in.Index, want)
	}
	return in.Leaf, nil
}
