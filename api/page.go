package api

import (
	"bytes"
	"net/http"

	"github.com/coalition-ledger/coalition-ledger/api/web"
	"github.com/coalition-ledger/coalition-ledger/domain"
)

func (s *Server) indexPage() (reply, error) {
	v := web.Index{Notice: s.cfg.Notice}
	s.cfg.Ledger.View(func(st *domain.State) {
		v.Name, v.Origin, v.LogKey, v.Events = st.Name(), st.Origin(), st.LogKey(), st.Next()
	})
	var text bytes.Buffer
	if err := s.index.Write(&text, v); err != nil {
		return nil, err
	}
	return body(http.StatusOK, "text/html; charset=utf-8", text.Bytes()), nil
}
