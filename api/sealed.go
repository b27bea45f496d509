package api

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/coalition-ledger/coalition-ledger/api/internal/gen"
	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/sealed"
)

func noContent(w http.ResponseWriter) error {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// sealedHash reads the path's hash, where this server keeps sealed detail.
func (s *Server) sealedHash(text string) (domain.Hash, error) {
	if s.cfg.Sealed == nil {
		return domain.Hash{}, problem(http.StatusNotImplemented, "sealed.no_store", "this ledger keeps no sealed detail: its operator names a folder for it (ledgerd serve --sealed)")
	}
	hash, err := domain.ParseHash(text)
	if err != nil {
		return hash, problem(http.StatusBadRequest, "request.parameter", "give the SHA-256 of the ciphertext: 64 lowercase hexadecimal digits").at("sha256")
	}
	return hash, nil
}

// ownAgency requires a token that speaks for the agency it asks for.
func ownAgency(ctx context.Context, id string) (domain.AgencyID, error) {
	claims, agency := callOf(ctx).claims, domain.AgencyID(id)
	switch {
	case claims.Role != RoleAgency:
		return "", problem(http.StatusForbidden, "sealed.agencies_only", "sealed detail is for the agencies that it was released to, and this token is of role "+string(claims.Role)+": the journal is read and verified without it")
	case !claims.MaySubmit(agency):
		return "", problem(http.StatusForbidden, "sealed.other_agency", "this token does not speak for "+printable(id)+": get one whose may_submit_for names it").at("agency")
	}
	return agency, nil
}

// bound returns the sealed detail that a ciphertext belongs to, as committed.
func (s *Server) bound(hash domain.Hash) (item domain.SealedItem, c domain.SealedCopy, ok bool) {
	s.cfg.Ledger.View(func(st *domain.State) { item, ok = st.SealedIn(hash) })
	c, _ = item.Copy(hash)
	return item, c, ok
}

func erased() error {
	return problem(http.StatusGone, "sealed.erased", "this ciphertext was erased (detail.erased): ask who sealed it for a new release")
}

// PutSealed keeps a ciphertext.
func (h handlers) PutSealed(ctx context.Context, in gen.PutSealedRequestObject) (gen.PutSealedResponseObject, error) {
	hash, err := h.sealedHash(in.Sha256)
	if err != nil {
		return nil, err
	}
	agency, err := ownAgency(ctx, in.Params.Agency)
	if err != nil {
		return nil, err
	}
	if _, c, ok := h.bound(hash); ok && c.ErasedAt != 0 {
		return nil, erased()
	}
	_, end, err := h.streams.begin(ctx, callOf(ctx).claims.Subject) // it is held in memory
	if err != nil {
		return nil, err
	}
	return reply(func(w http.ResponseWriter) error {
		defer end()
		ctl, now := http.NewResponseController(w), h.cfg.Clock()
		_ = ctl.SetReadDeadline(now.Add(uploadTime)) // a recorder in a test has none
		_ = ctl.SetWriteDeadline(now.Add(uploadTime + time.Minute))
		body := http.MaxBytesReader(innermost(w), io.NopCloser(in.Body), domain.MaxSealed+1)
		if err := h.cfg.Sealed.Put(agency, hash, body, now); err != nil {
			return err
		}
		return noContent(w)
	}), nil
}

// uploadTime is for one ciphertext: 8 MiB at 70 KiB a second.
const uploadTime = 2 * time.Minute

// GetSealed answers with a ciphertext to whom it was released.
func (h handlers) GetSealed(ctx context.Context, in gen.GetSealedRequestObject) (gen.GetSealedResponseObject, error) {
	hash, err := h.sealedHash(in.Sha256)
	if err != nil {
		return nil, err
	}
	agency, err := ownAgency(ctx, in.Params.Agency)
	if err != nil {
		return nil, err
	}
	if err := h.await(ctx, h.needed(asked{minIndex: in.Params.MinIndex})); err != nil {
		return nil, err
	}
	item, c, ok := h.bound(hash)
	if !ok || !item.Released(c, agency) { // one answer: who was released nothing learns nothing of what is stored
		return nil, problem(http.StatusForbidden, "sealed.not_released", "the journal does not say that this ciphertext was released to "+string(agency)+": ask the agency that sealed it for a release")
	}
	if c.ErasedAt != 0 {
		return nil, erased()
	}
	data, err := h.cfg.Sealed.Get(hash)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, problem(http.StatusNotFound, "sealed.missing", "the ledger does not hold this ciphertext: who sealed it uploads it again")
	}
	if err != nil {
		return nil, err
	}
	return body(http.StatusOK, "application/octet-stream", data), nil
}

// DeleteSealed removes what was erased, for its agency or the operator.
func (h handlers) DeleteSealed(ctx context.Context, in gen.DeleteSealedRequestObject) (gen.DeleteSealedResponseObject, error) {
	hash, err := h.sealedHash(in.Sha256)
	if err != nil {
		return nil, err
	}
	if err := h.await(ctx, h.needed(asked{minIndex: in.Params.MinIndex})); err != nil {
		return nil, err
	}
	item, c, ok := h.bound(hash)
	claims := callOf(ctx).claims
	own := claims.MaySubmit(item.Issuer) || claims.MaySubmit(domain.RootAgency(item.Issuer.Member()))
	switch {
	case !ok && claims.Role != RoleOperator, ok && claims.Role != RoleOperator && !own:
		return nil, problem(http.StatusForbidden, "sealed.other_agency", "a ciphertext is removed by the agency that sealed it, its member, or the operator")
	case !ok:
		return nil, problem(http.StatusNotFound, "sealed.unbound", "no event binds this ciphertext: the ledger removes it by itself after a time")
	case c.ErasedAt == 0:
		return nil, problem(http.StatusConflict, "sealed.not_erased", "the journal does not say that this was erased: post detail.erased first")
	}
	if err := h.cfg.Sealed.Erase(hash); err != nil {
		return nil, err
	}
	return reply(noContent), nil
}

// SweepSealed removes ciphertexts that were erased, and those that no event
// has bound within the time of grace. It returns how many went. Call it at the
// start and every hour or so. Nothing goes while the ledger is not ready: an
// event that it has not read yet may bind what looks forgotten.
func (s *Server) SweepSealed() (int, error) {
	if s.cfg.Sealed == nil {
		return 0, nil
	}
	if err := s.cfg.Ledger.Ready(); err != nil {
		return 0, err
	}
	before := s.cfg.Clock().Add(-s.limits.SealedGrace)
	return s.cfg.Sealed.Sweep(func(hash domain.Hash, uploaded time.Time) bool {
		_, c, ok := s.bound(hash)
		return ok && c.ErasedAt == 0 || !ok && uploaded.After(before)
	}, before)
}

// explainSealed knows what the store of sealed detail says.
func explainSealed(err error) *Problem {
	switch {
	case errors.Is(err, sealed.ErrHash):
		return problem(http.StatusUnprocessableEntity, "sealed.hash", "the body has another SHA-256 than the path says: upload the file that ledger seal wrote, unchanged")
	case errors.Is(err, sealed.ErrTooLarge):
		return problem(http.StatusRequestEntityTooLarge, "sealed.too_large", "a ciphertext has at most 8 MiB: split the file, or keep it yourself and name its hash under evidence")
	case errors.Is(err, sealed.ErrNotEncrypted):
		return problem(http.StatusUnprocessableEntity, "sealed.not_encrypted", "this is not encrypted with age, and the ledger keeps no plaintext: use ledger seal")
	case errors.Is(err, sealed.ErrQuota):
		return problem(http.StatusInsufficientStorage, "sealed.quota", "the agency's room for sealed detail is used up: erase what is not needed, or ask the operator for more")
	}
	return nil
}
