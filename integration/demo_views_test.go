package integration

import (
	"regexp"
	"strings"
	"testing"
)

// testShown has the members' tool print each kind of view: no row may be blank.
func testShown(t *testing.T, d demo) {
	token := writeFile(t, 0o600, d.Tokens["coordinator"]+"\n", t.TempDir(), "token")
	blank := regexp.MustCompile(`(?m)^[ \t]+$`)
	show := func(path string) string {
		stdout, stderr, code := try(t.Context(), t, "ledger", "--server", d.URL, "--token-file", token, "view", path)
		if code != 0 || blank.MatchString(stdout) {
			t.Errorf("ledger view %s: exit %d, a blank row: %t\n%s", path, code, blank.MatchString(stdout), stderr)
		}
		return stdout
	}
	for path := range strings.FieldsSeq(`
		events?limit=20 events/12 members members/XA/keys regimes designations designations/UN:KPe.001 designations/XA:E.001
		subjects?q=example subjects/UN:KPe.001 countries countries/XA/compliance countries/XA/obligations countries/XC/obligations
		countries/XB/timeline countries/XZ/assertions countries/XB/figures/duties.overdue.UN-2397-17-report cases indicators
		coalition/summary coalition/loopholes coalition/matrix coalition/date-conflicts coalition/divergences coalition/vessels
		coalition/caps coalition/assets coalition/cyber reports/changes?from=2000-01-01 witnesses`) {
		show(path)
	}
	if got := show("countries/XB/obligations"); !regexp.MustCompile(`(?m)^ +2017-12-22 +2018-03-22 +submitted_late +2018-04-02 +11 `).MatchString(got) {
		t.Errorf("a duty case by case:\n%s", got)
	}
}
