package projections

import "github.com/coalition-ledger/coalition-ledger/domain"

// States of a cell. Open is said only of a state that acts by an act of its
// own for each designation.
const (
	CellInForce     = "in_force"
	CellNotInForce  = "declared_not_in_force"
	CellNotRecorded = "not_recorded"
	CellOpen        = "open"
)

// Cell says whether a designation has effect in a state, and how that is known.
type Cell struct {
	State  string      `json:"state"`
	Mode   string      `json:"mode,omitempty"` // own_act, inherited, by_reference, general_prohibition, automatic, through_eu
	Since  domain.Date `json:"since,omitempty"`
	Events []uint64    `json:"events"`
}

// StateCell is a cell with its state.
type StateCell struct {
	Country domain.Country `json:"country"`
	Cell
}
