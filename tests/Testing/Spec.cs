using System.Text.Json;
using Billing.Platform;
using FluentAssertions;

namespace Billing.Testing;

/// <summary>
/// Given these events, when this command, then those events. Every accepted command is decided a second time on the
/// resulting state and must then change nothing: idempotence is checked in every test automatically (style.md rule 7).
/// </summary>
public sealed class Spec<TState, TEvent>(StreamType<TState, TEvent> type)
    where TEvent : class
{
    public GivenEvents Given(params TEvent[] history) => new(type, history);

    public sealed class GivenEvents(StreamType<TState, TEvent> type, TEvent[] history)
    {
        public Outcome When(ICommand<TState, TEvent> command) => new(type, history, command);

        public void ThenState(TState expected) => type.Fold(history).Should().BeEquivalentTo(expected);
    }

    public sealed class Outcome
    {
        private readonly StreamType<TState, TEvent> _type;
        private readonly TEvent[] _history;
        private readonly ICommand<TState, TEvent> _command;
        private readonly Decision<TEvent> _decision;

        public Outcome(StreamType<TState, TEvent> type, TEvent[] history, ICommand<TState, TEvent> command)
        {
            (_type, _history, _command) = (type, history, command);
            var state = type.Fold(history);
            _decision = command.Decide(state);
            if (command.Refuse() is { } wrong)
                _decision.Rejection.Should().Be(wrong, "what is wrong whatever the state is refused anyway");
            if (type.HasSnapshots)
                Same(command.Decide(SnapshotLaw.Kept(state)), "a state from a snapshot decides as the state itself");
        }

        public void Then(params TEvent[] events)
        {
            _decision.Rejection.Should().BeNull();
            _decision.Events.Select(AsStored).Should().Equal(events.Select(AsStored));
            DecidedAgainItIsSilent();
        }

        public void ThenNothing()
        {
            _decision.Rejection.Should().BeNull();
            _decision.Events.Should().BeEmpty();
        }

        public void ThenRefused(Rejection rejection)
        {
            _decision.Events.Should().BeEmpty();
            _decision.Rejection!.Code.Should().Be(rejection.Code);
        }

        private void Same(Decision<TEvent> other, string because)
        {
            other.Rejection?.Code.Should().Be(_decision.Rejection?.Code, because);
            other.Events.Select(AsStored).Should().Equal(_decision.Events.Select(AsStored), because);
        }

        /// <summary>
        /// Events are compared in their stored form, which is what matters and makes differences readable.
        /// </summary>
        private static string AsStored(TEvent e) =>
            $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType(), Wire.Stored)}";

        private void DecidedAgainItIsSilent()
        {
            var again = _command.Decide(_type.Fold([.. _history, .. _decision.Events]));
            again.Rejection.Should().BeNull("a repeated command is not refused");
            again.Events.Should().BeEmpty("a repeated command changes nothing");
        }
    }
}
