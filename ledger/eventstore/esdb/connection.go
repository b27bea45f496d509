package esdb

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// defaultTimeout is how long the server may take for one answer, unless the
// connection string says otherwise (defaultDeadline).
const defaultTimeout = 10 * time.Second

// settings are the keys that the client knows; it ignores others.
var settings = []string{
	"tls", "tlsverifycert", "tlscafile", "usercertfile", "userkeyfile", "nodepreference", "discoveryinterval",
	"gossiptimeout", "maxdiscoverattempts", "keepaliveinterval", "keepalivetimeout", "defaultdeadline",
}

// parse checks a connection string and refuses what the client would silently
// drop or misread. User and password are cut out before the client sees the
// string, so no error of its parser can repeat them.
func parse(s string) (*client.Configuration, error) {
	bare, user, password, err := cutCredentials(s)
	if err != nil {
		return nil, err
	}
	if err := checkSettings(bare); err != nil {
		return nil, err
	}
	conf, err := client.ParseConnectionString(bare)
	if err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	if err := conf.Validate(); err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	conf.Username, conf.Password = user, password
	return conf, check(conf)
}

func check(conf *client.Configuration) error {
	if conf.DisableTLS && conf.Username != "" {
		return errors.New("connection string: user and password are not sent with tls=false: use TLS, or leave them out")
	}
	if conf.NodePreference != client.NodePreferenceLeader {
		return fmt.Errorf("connection string: nodePreference=%s could read less than was acknowledged: use leader, or leave it out", conf.NodePreference)
	}
	return nil
}

// cutCredentials returns the string without user and password, and these two.
func cutCredentials(s string) (bare, user, password string, err error) {
	scheme, rest, ok := strings.Cut(s, "://")
	switch {
	case ok && strings.HasPrefix(scheme, "kurrentdb"):
		return "", "", "", errors.New("connection string: write esdb:// for kurrentdb://, the protocol is the same")
	case !ok || scheme != "esdb" && scheme != "esdb+discover":
		return "", "", "", errors.New("connection string: it must begin with esdb:// or esdb+discover://")
	}
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return s, "", "", nil
	}
	if strings.ContainsAny(rest[:at], "/?#@") {
		return "", "", "", errors.New("connection string: write / ? # @ in user, password and file names percent-encoded: %2F %3F %23 %40")
	}
	name, secret, _ := strings.Cut(rest[:at], ":")
	user, err1 := url.PathUnescape(name)
	password, err2 := url.PathUnescape(secret)
	if err1 != nil || err2 != nil || user == "" {
		return "", "", "", errors.New("connection string: user or password is empty or wrongly percent-encoded")
	}
	return scheme + "://" + rest[at+1:], user, password, nil
}

// checkSettings refuses keys that the client would ignore, keys given twice
// (which one counts would be chance), and a deadline that it would read as 0.
func checkSettings(bare string) error {
	_, query, _ := strings.Cut(bare, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("connection string: %w", err)
	}
	given := map[string]bool{}
	for key, list := range values {
		name := strings.ToLower(key)
		if !slices.Contains(settings, name) {
			return fmt.Errorf("connection string: no setting is named %q: use %s", key, strings.Join(settings, ", "))
		}
		if given[name] || len(list) > 1 {
			return fmt.Errorf("connection string: setting %q is given twice", key)
		}
		given[name] = true
		ms, err := strconv.ParseInt(list[0], 10, 32)
		if name == "defaultdeadline" && (err != nil || ms < 1) {
			return fmt.Errorf("connection string: defaultDeadline=%s: give milliseconds, 1 or more", list[0])
		}
	}
	return nil
}

// logTo passes on what the client says. It is chatter: what an operator should
// know the store reports itself.
func logTo(log *slog.Logger) client.LoggingFunc {
	return func(level client.LogLevel, format string, args ...any) {
		log.Debug("event store client", "level", level, "message", fmt.Sprintf(format, args...))
	}
}
