package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// PutSealed uploads a ciphertext of sealed detail for an agency. Do so before
// the event that binds it is posted. Uploading it again is safe.
func (c *Client) PutSealed(ctx context.Context, agency domain.AgencyID, ciphertext []byte) error {
	res, err := c.call(ctx, http.MethodPut, sealedPath(sha256.Sum256(ciphertext), agency), bytes.NewReader(ciphertext), "Content-Type", "application/octet-stream")
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// Sealed fetches a ciphertext that was released to an agency by the event at
// minIndex or before. Its hash is checked; only the agency's key opens it.
func (c *Client) Sealed(ctx context.Context, agency domain.AgencyID, ciphertext domain.Hash, minIndex uint64) ([]byte, error) {
	res, err := c.call(ctx, http.MethodGet, fmt.Sprintf("%s&min_index=%d", sealedPath(ciphertext, agency), minIndex), nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, domain.MaxSealed+1))
	if err != nil {
		return nil, fmt.Errorf("read the ciphertext: %w", err)
	}
	if domain.Hash(sha256.Sum256(data)) != ciphertext {
		return nil, fmt.Errorf("the server sent something else than the ciphertext %s: ask another replica, or report it to the operator", ciphertext)
	}
	return data, nil
}

// EraseSealed removes a ciphertext that the detail.erased at minIndex names.
func (c *Client) EraseSealed(ctx context.Context, ciphertext domain.Hash, minIndex uint64) error {
	res, err := c.call(ctx, http.MethodDelete, fmt.Sprintf("/v1/sealed/%s?min_index=%d", ciphertext, minIndex), nil)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

func sealedPath(hash domain.Hash, agency domain.AgencyID) string {
	return fmt.Sprintf("/v1/sealed/%s?agency=%s", hash, url.QueryEscape(string(agency)))
}
