package domain

import "strings"

// Refusal says why an event was not let in: the rule, where in the payload,
// and what to do. Rules are stable names; messages are for people.
type Refusal struct {
	Rule    string `json:"rule"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

// Error returns the rule and the message.
func (r *Refusal) Error() string {
	if r.Field == "" {
		return r.Rule + ": " + r.Message
	}
	return r.Rule + " at " + r.Field + ": " + r.Message
}

func refuse(rule, field, message string) *Refusal {
	return &Refusal{Rule: rule, Field: field, Message: message}
}

// within puts a field's path under that of what holds it.
func within(at string, r *Refusal) *Refusal {
	if r != nil {
		r.Field = strings.TrimSuffix(at+"."+r.Field, ".")
	}
	return r
}

// first returns the first refusal among its arguments.
func first(rs ...*Refusal) *Refusal {
	for _, r := range rs {
		if r != nil {
			return r
		}
	}
	return nil
}
