package api

import (
	"regexp"
	"strings"
	"testing"
)

// Each address that the first page names is one that the server answers.
func TestIndexNamesWhatIsAnswered(t *testing.T) {
	page := string(newFixture(t).do("GET", "/", "", nil).body)
	named := regexp.MustCompile(`(?:<code>|href=")(/[^<"]*)`).FindAllStringSubmatch(page, -1)
	if len(named) < 15 {
		t.Errorf("the page names %d addresses", len(named))
	}
	for _, at := range named {
		if !strings.Contains(string(description), "\n  "+at[1]+":\n") {
			t.Errorf("the page names %s, which the API does not describe", at[1])
		}
	}
}
