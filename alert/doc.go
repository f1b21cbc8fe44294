// Package alert tells a node's alarms to people beside the console: by a program that it runs, by
// an HTTP request, and by e-mail.
//
// Each way is a channel with a name. A channel is told an alarm once while it lasts, and again when
// the alarm rises in level, goes on to others (escalates), or ends and begins anew. What a channel was told is kept by the caller
// (Config.Save) after it was told, so that a crash between the two tells it twice and never not at
// all; the id of the message is the same both times. A message that fails is tried again, at
// intervals that double, for a bounded time.
//
// Hold and distress go at once, each alone, whatever a channel's levels, kinds and quiet hours. The
// rest is gathered for some seconds and goes as one message with a count.
//
// An alarm that no channel could deliver is an alarm itself: Undelivered. One that some channel
// delivered and another did not is in the channels' Status.
//
// The package reaches for nothing: the clock, randomness, connections, files and the running of
// programs come in with Config. New starts nothing and Run ends when everything it started has.
package alert
