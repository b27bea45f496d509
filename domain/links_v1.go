package domain

// subjectLinkedV1 linked designations alone and did not say what the decision
// rested on.
type subjectLinkedV1 struct {
	Common
	A        string   `json:"a"`
	B        string   `json:"b"`
	Relation string   `json:"relation"`
	Reasons  []string `json:"reasons"`
}

func (b subjectLinkedV1) upcast() (Body, *Refusal) {
	if r := oneOf("relation", b.Relation, "same_as", "owns", "controls", "operates", "member_of"); r != nil {
		return nil, r
	}
	return SubjectLinked{Common: b.Common, A: b.A, B: b.B, Relation: b.Relation, Basis: basisUnstated, Reasons: b.Reasons}, nil
}

// subjectUnlinkedV1 gave one reason.
type subjectUnlinkedV1 struct {
	Common
	A        string `json:"a"`
	B        string `json:"b"`
	Relation string `json:"relation"`
	Reason   string `json:"reason"`
}

func (b subjectUnlinkedV1) upcast() (Body, *Refusal) {
	if r := required("reason", b.Reason); r != nil {
		return nil, r
	}
	return SubjectUnlinked{Common: b.Common, A: b.A, B: b.B, Relation: b.Relation, Basis: basisUnstated, Reasons: []string{b.Reason}}, nil
}
