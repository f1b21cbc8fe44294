package api

import (
	"context"
	"io"
	"iter"
	"time"

	"parley/agreement"
	"parley/node"
	"parley/node/view"
	"parley/notice"
	"parley/transcript/ledger"
)

// Node is what the API needs of a node.
type Node interface {
	Party() string

	Lines(ctx context.Context) ([]view.Line, error)
	Line(ctx context.Context, line string) (view.Line, error)
	Agreements(ctx context.Context, line string) ([]agreement.Agreement, error) // the versions, the newest last
	Suspend(ctx context.Context, who node.Officer, line, reason string) error
	Resume(ctx context.Context, who node.Officer, line, reason string) error
	Propose(ctx context.Context, who node.Officer, line string, note []byte) (*view.Release, error)
	CompareKey(ctx context.Context, who node.Officer, line string, version int, heard, with string) error
	NextEpoch(ctx context.Context, who node.Officer, line string) error
	ConfirmNotRestored(line string) error
	CourierWrite(ctx context.Context, line, after string, maxBytes int) (node.CourierFile, error)
	CourierRead(ctx context.Context, line string, file []byte) (view.CourierTaken, error)

	Changes(ctx context.Context, after int64) (view.Changes, int64, error)
	Past(ctx context.Context, line string, at time.Time) (view.Past, error)
	Notices(ctx context.Context, f node.Filter) ([]view.Notice, error)
	Notice(ctx context.Context, line, party, id string) (view.Notice, error)
	Check(ctx context.Context, line string, in notice.Notice) ([]notice.Warning, error)
	WhatIf(ctx context.Context, line string, in notice.Notice, drill bool) (view.WhatIf, error)
	File(ctx context.Context, who node.Officer, line string, in notice.Notice, drill bool) (view.Filed, error)
	Amend(ctx context.Context, who node.Officer, line string, in notice.Notice, drill bool) (view.Filed, error)
	SetState(ctx context.Context, who node.Officer, line, id string, event notice.Event, reason string) (view.Filed, error)
	Receive(ctx context.Context, who node.Officer, line, id, remark string) (string, error)
	ReadBack(ctx context.Context, who node.Officer, line, id, by, text string) (view.Notice, error)
	Relay(ctx context.Context, who node.Officer, line, id, unit, means, remark string) (view.Notice, error)
	UnitWord(ctx context.Context, who node.Officer, line, id, unit string, unable bool, reason string) (view.Notice, error)

	Conflicts(ctx context.Context, line string, all bool) ([]view.Conflict, error)
	Conflict(ctx context.Context, line, id string) (view.Conflict, error)
	Own(ctx context.Context, who node.Officer, line, id string) (view.Conflict, error)
	Options(ctx context.Context, line, id string) (view.Options, error)
	ProposeMove(ctx context.Context, who node.Officer, line, id, mover string, s view.Shift, remark string) (view.Conflict, error)
	ReplyToMove(ctx context.Context, who node.Officer, line, id string, accept bool, reason string) (view.Amended, error)
	ApplyMove(ctx context.Context, who node.Officer, line, id string) (view.Amended, error)
	Settle(ctx context.Context, who node.Officer, line, id, how, reason string) (view.Conflict, error)

	Answers(ctx context.Context, line string) ([]view.AlertAnswer, error)
	Decide(ctx context.Context, who node.Officer, line, id string, release bool, reason string) (view.AlertAnswer, error)
	Sites(ctx context.Context, line, party string, since time.Time) ([]view.SiteList, error)
	Revalidate(ctx context.Context, who node.Officer, line string, in node.Confirming) ([]view.Notice, error)
	ImportSites(ctx context.Context, who node.Officer, line string, in node.Importing) (view.SiteImport, error)
	IssueSites(ctx context.Context, who node.Officer, line string, in node.Issuing) (node.CopyFile, error)
	SiteCopies(ctx context.Context, line string) ([]view.SiteCopy, error)
	WhoseCopy(ctx context.Context, line string, file []byte) (view.WhoseCopy, error)
	ReceiveSites(ctx context.Context, who node.Officer, line string, since time.Time, remark string) (int, error)

	Calls(ctx context.Context, line string) ([]view.Call, error)
	Call(ctx context.Context, who node.Officer, line string, in node.Calling) (view.Call, error)
	Answer(ctx context.Context, who node.Officer, line string, in node.Answering) (view.Call, error)
	Review(ctx context.Context, who node.Officer, line, call string, at time.Time, w node.Words) (view.Call, error)
	Lift(ctx context.Context, who node.Officer, line, call string, w node.Words) (view.Call, error)
	EndCall(ctx context.Context, who node.Officer, line, call string, w node.Words) (view.Call, error)
	Translate(ctx context.Context, who node.Officer, line, entry, language, text string) (view.Call, error)
	IsUrgent(line, call string) bool

	Spoken(ctx context.Context, line string, open bool) ([]view.Spoken, error)
	VoicePassed(ctx context.Context, who node.Officer, line string, in node.Passing) (view.Spoken, error)
	VoiceHeard(ctx context.Context, who node.Officer, line string, in node.Hearing) (view.HeardNow, error)
	VoiceClose(ctx context.Context, who node.Officer, line, entry, reason string) (view.Spoken, error)

	Desks(ctx context.Context) ([]view.Desk, error)
	Present(ctx context.Context, who node.Officer) ([]view.Desk, error)
	Leave(ctx context.Context, who node.Officer) ([]view.Desk, error)
	Watch(ctx context.Context) (view.Watch, error)
	HandOvers(ctx context.Context) ([]view.HandOver, error)
	Rota(ctx context.Context) (view.Rota, error)
	SetRota(ctx context.Context, who node.Officer, rows []view.RotaRow) (view.Rota, error)
	NextOnWatch(ctx context.Context, who node.Officer) (string, error)
	BeginHandOver(ctx context.Context, who node.Officer, to string) (view.Watch, error)
	AcceptWatch(ctx context.Context, who node.Officer) (view.Watch, error)
	KeepWatch(ctx context.Context, who node.Officer) (view.Watch, error)
	LineTests(ctx context.Context, line string) ([]view.LineTest, error)
	TestLine(ctx context.Context, who node.Officer, line string) (view.LineTest, error)
	AnswerTest(ctx context.Context, who node.Officer, line, word string) (view.LineTest, error)
	Statistics(ctx context.Context, line, by string) (view.Statistics, error)
	ExerciseStatistics(ctx context.Context, line, by string) (view.Statistics, error)

	Stater
	Consenter
	Releases(ctx context.Context, all bool) ([]view.Release, error)
	Release(ctx context.Context, id string) (view.Release, error)
	GiveRelease(ctx context.Context, who node.Officer, id string) (view.Release, error)
	RefuseRelease(ctx context.Context, who node.Officer, id, reason string) (view.Release, error)

	Alarms(ctx context.Context) ([]view.Alarm, error)
	ObservedAlarms(ctx context.Context, observer string) ([]view.ObservedAlarm, error)
	Acknowledge(ctx context.Context, who node.Officer, alarm string) (view.Alarm, error)
	MarkFalse(ctx context.Context, who node.Officer, alarm, reason string) (view.HadAlarm, error)
	AlarmsOver(ctx context.Context) ([]view.HadAlarm, error)
	FalseAlarms(ctx context.Context, line string) ([]view.HadAlarm, error)

	Log(ctx context.Context, f node.LogFilter) ([]view.Entry, ledger.Cursor, error)
	Export(ctx context.Context, line string, w io.Writer) error
	Discloser
	Reviewer
	Evidence(ctx context.Context, line string) ([]ledger.Evidence, error)
	LastEvent() int64
	Events(ctx context.Context, after int64) iter.Seq[view.Event]
}
