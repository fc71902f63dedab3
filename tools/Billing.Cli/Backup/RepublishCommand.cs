using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>republish</c>: sets the relay of a service back, so that it publishes its events again: after the broker lost its
/// messages, or a receiver its database. Receivers recognise facts they already have.
/// </summary>
internal static class RepublishCommand
{
    /// <summary>The offset of a time given without one: China's.</summary>
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public static Command Create()
    {
        string[] services =
            [.. ServiceModel.All.Where(model => model.Outbound is not null).Select(model => model.Name)];
        var service = new Argument<string[]>("service")
        {
            Description = $"one or more of {string.Join(", ", services)}", Arity = ArgumentArity.OneOrMore,
        };
        service.AcceptOnlyFromAmong(services);
        var from = new Option<long?>("--from") { Description = "every event after this number; 0 for all there are" };
        var since = Since("every event recorded since then");
        var dry = new Option<bool>("--dry-run") { Description = "only say what would be published again" };
        var command = new Command("republish", "Publishes what a service has told once more.")
        {
            service, from, since, dry,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var (position, moment) = (arguments.GetValue(from), arguments.GetValue(since));
            var named = arguments.GetValue(service)!.Distinct(StringComparer.Ordinal).ToList();
            if (position is null == moment is null)
                throw new Failure("Say from where: --from POSITION or --since TIME.", 2);
            if (position < 0)
                throw new Failure("A position is 0 or the number of an event.", 2);
            if (position > 0 && named.Count > 1)
                throw new Failure("Each service counts its own events: name one for --from, or say --since.", 2);
            foreach (var name in named)
                Console.WriteLine(await Run(
                    ServiceModel.All.Single(model => model.Name == name), position, moment, arguments.GetValue(dry),
                    cancellation));
            return 0;
        });
        return command;
    }

    private static async Task<string> Run(
        ServiceModel service, long? from, DateTimeOffset? since, bool dry, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Instance.OwnerPostgres(service.Name));
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var events = new StoredEvents(connection);
        var relayed = await events.Relayed(cancellation);
        // Order by number and order by time may differ among events of about the same moment; the position is never
        // after an event of the time asked for.
        var position = from ?? Math.Min(await events.Before(since!.Value, cancellation), relayed);
        if (position > relayed)
            throw new Failure(
                $"The relay of {service.Name} is at {relayed}. Set forward to {position}, it would leave out what is " +
                "between: nothing was changed.", 2);
        var kinds = service.Streams.SelectMany(streams => streams.EventTypes)
            .Where(kind => service.Outbound!.IsPublic(kind.Key)).Select(kind => kind.Value).Distinct();
        var facts = await events.Count(kinds, position, relayed, cancellation);
        if (!dry && position < relayed)
            await RelayPosition.SetBack(connection, position, cancellation);
        return $"{service.Name}: {facts} public facts, from event {position + 1} to {relayed}, "
            + (dry ? "would be published again" : position == relayed
                ? "so there is nothing to publish again"
                : "are published again; receivers recognise what they know");
    }

    /// <summary>The option <c>--since</c>.</summary>
    public static Option<DateTimeOffset?> Since(string meaning) => new("--since")
    {
        Description = $"{meaning}, such as 2026-11-27 or 2026-11-27T18:00 (China time) or 2026-11-27T10:00Z",
        CustomParser = Moment,
    };

    private static DateTimeOffset? Moment(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DateTime.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var local))
            return new DateTimeOffset(local, China);
        if (DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var moment))
            return moment;
        result.AddError($"'{text}' is no time such as 2026-11-27T18:00.");
        return null;
    }
}
