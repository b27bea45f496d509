package domain

import (
	"fmt"
	"testing"
)

const ask = `{"version":1}` // rules.adopted: the plainest decision

func (l *ledger) votes(proposal uint64) string {
	l.t.Helper()
	p, ok := l.s.Proposal(sum("leaf", proposal))
	if !ok {
		l.t.Fatalf("no proposal at %d", proposal)
	}
	have, need := l.s.Votes(p)
	return fmt.Sprintf("%d of %d", have, need)
}

func (l *ledger) wantVotes(proposal uint64, want string) {
	l.t.Helper()
	if got := l.votes(proposal); got != want {
		l.t.Errorf("proposal %d has %s votes, want %s", proposal, got, want)
	}
}

func TestQuorumIsTwoThirdsRoundedUp(t *testing.T) {
	for n, want := range []int{0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8} {
		votes := map[Country]int{"EU": 0}
		for i := range n {
			votes[Country(fmt.Sprintf("X%c", 'A'+i))] = 1
		}
		if got := quorum(votes); got != want {
			t.Errorf("of %d votes the quorum is %d, want %d", n, got, want)
		}
	}
}

func TestCoalitionOpensWithAQuorumOfAcceptances(t *testing.T) {
	l := newLedger(t)
	l.given("XA/root", "coalition.founded", genesis(founder("XA", 1), founder("XB", 1), founder("XC", 1), founder("EU", 0)))
	l.given("EU/root", "member.accepted", `{}`)
	l.given("XC/root", "member.accepted", `{}`)
	l.expect("coalition.not_open", "XC/root", "agency.registered", `{"agency":"XC/mof","name":"M"}`)
	l.given("XA/root", "member.accepted", `{}`)
	l.expect("", "XC/root", "agency.registered", `{"agency":"XC/mof","name":"M"}`)
	l.expect("member.not_accepted", "XB/root", "agency.registered", `{"agency":"XB/mof","name":"M"}`)
}

func TestTwoOfThreeDecideOnce(t *testing.T) {
	l := founded(t)
	p := l.given("XA/root", "proposal.made", proposal(draft("rules.adopted", ask)))
	l.wantVotes(4, "1 of 2")
	l.expect("decision.no_quorum", "XA/root", "rules.adopted", ask)
	l.given("XC/root", "proposal.endorsed", `{"proposal":`+p+`}`)
	l.wantVotes(4, "2 of 2")
	l.given("XB/root", "rules.adopted", ask)
	l.expect("decision.enacted_before", "XB/root", "rules.adopted", ask)
	l.given("XB/root", "proposal.made", proposal(draft("rules.adopted", ask))) // asked again, it is another question
	l.expect("decision.no_quorum", "XB/root", "rules.adopted", ask)
}

func TestAnAgencysProposalIsNoVote(t *testing.T) {
	l := founded(t)
	l.agency("XA/mof")
	l.given("XA/mof", "proposal.made", proposal(draft("rules.adopted", ask)))
	l.wantVotes(6, "0 of 2")
}

func TestDraftIsComparedByteForByte(t *testing.T) {
	l := founded(t)
	spaced := "{ \"policy\" :\n\t\"w\\u0031\" }"
	l.propose("witness_policy.adopted", spaced)
	for _, other := range []string{`{"policy":"w1"}`, "{ \"policy\" :\n\t\"w1\" }", spaced + " ", " " + spaced, spaced + "\n"} {
		l.expect("decision.not_proposed", "XA/root", "witness_policy.adopted", other)
	}
	l.expect("decision.not_proposed", "XA/root", "log_key.adopted", `{"log_key":"w1"}`)
	l.given("XA/root", "witness_policy.adopted", spaced)
	if got := l.s.WitnessPolicy(); got != "w1" {
		t.Errorf("policy %q, want w1", got)
	}
}

func TestSuspendedMemberCountsInTheQuorumButDoesNotVote(t *testing.T) {
	l := founded(t)
	p := l.given("XC/root", "proposal.made", proposal(draft("log_key.adopted", `{"log_key":"k"}`)))
	l.wantVotes(4, "1 of 2")
	l.decide("member.suspended", `{"member":"XC","reason":"r"}`)
	l.wantVotes(4, "0 of 2")
	l.given("XA/root", "proposal.endorsed", `{"proposal":`+p+`}`)
	l.expect("decision.no_quorum", "XA/root", "log_key.adopted", `{"log_key":"k"}`)
	l.decide("member.reinstated", `{"member":"XC"}`)
	l.wantVotes(4, "2 of 2")
	l.expect("", "XA/root", "log_key.adopted", `{"log_key":"k"}`)
}

func TestMemberConcernedHasNoVote(t *testing.T) {
	l := founded(t)
	p := l.given("XC/root", "proposal.made", proposal(draft("member.suspended", `{"member":"XC","reason":"ours"}`), draft("rules.adopted", ask)))
	l.wantVotes(4, "0 of 2") // its own proposal is no vote either, for any of its drafts
	l.given("XA/root", "proposal.endorsed", `{"proposal":`+p+`}`)
	l.expect("decision.no_quorum", "XA/root", "rules.adopted", ask)
	l.expect("proposal.concerned", "XC/root", "proposal.endorsed", `{"proposal":`+p+`}`)
}

func TestWithdrawnMemberLeavesTheQuorum(t *testing.T) {
	l := foundedBy(t, founder("XA", 1), founder("XB", 1), founder("XC", 1), founder("XD", 1), founder("EU", 0))
	p := l.given("XA/root", "proposal.made", proposal(draft("rules.adopted", ask)))
	l.given("XD/root", "proposal.endorsed", `{"proposal":`+p+`}`)
	l.wantVotes(6, "2 of 3")
	l.given("XD/root", "member.withdrew", `{}`)
	l.wantVotes(6, "1 of 2")
	for _, m := range []string{"XA/root", "XB/root", "XC/root"} {
		l.given(m, "member.withdrew", `{}`)
	}
	l.wantVotes(6, "0 of 1") // nobody is left to vote, so nothing is decided
	l.expect("decision.no_quorum", "EU/root", "rules.adopted", ask)
}

func TestNewMemberRaisesTheQuorum(t *testing.T) {
	l := founded(t)
	l.propose("rules.adopted", ask)
	l.wantVotes(4, "2 of 2")
	l.decide("member.admitted", `{"member":`+founder("XD", 1)+`}`)
	l.wantVotes(4, "2 of 3")
	l.expect("decision.no_quorum", "XA/root", "rules.adopted", ask)
}

func TestEUAndItsStatesDoNotVoteTwice(t *testing.T) {
	l := foundedBy(t, founder("XA", 1), founder("XB", 1), founder("EU", 1))
	for payload, rule := range map[string]string{
		`{"member":` + founder("FR", 1) + `}`: "member.eu_votes_twice",
		`{"member":` + founder("FR", 0) + `}`: "",
		`{"member":` + founder("GB", 1) + `}`: "",
	} {
		l.propose("member.admitted", payload)
		l.expect(rule, "XA/root", "member.admitted", payload)
	}
	l = foundedBy(t, founder("XA", 1), founder("XB", 1), founder("FR", 1))
	l.propose("member.admitted", `{"member":`+founder("EU", 1)+`}`)
	l.expect("member.eu_votes_twice", "XA/root", "member.admitted", `{"member":`+founder("EU", 1)+`}`)
	l.given("FR/root", "member.withdrew", `{}`)
	l.expect("", "XA/root", "member.admitted", `{"member":`+founder("EU", 1)+`}`)
}

func TestProposalLastsThroughItsLastDay(t *testing.T) {
	l := founded(t)
	p := l.given("XA/root", "proposal.made", proposal(draft("rules.adopted", ask)))
	const feb1 = 1769904000
	l.at = feb1 - 1
	l.given("XB/root", "proposal.endorsed", `{"proposal":`+p+`}`)
	l.at = feb1 - 1
	l.expect("", "XA/root", "rules.adopted", ask)
	l.at = feb1
	l.expect("proposal.expired", "XA/root", "rules.adopted", ask)
	l.expect("proposal.expired", "XC/root", "proposal.endorsed", `{"proposal":`+p+`}`)
	again := `{"title":"Once more","expires_on":"2026","drafts":[` + draft("rules.adopted", ask) + `]}`
	l.given("XA/root", "proposal.made", again)
	l.expect("decision.no_quorum", "XA/root", "rules.adopted", ask) // earlier votes stay with the earlier proposal
}
