using System.Security.Cryptography;
using System.Text;
using Billing.Contracts.Api;
using Billing.Contracts;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// Imports accounts from a file. Every valid line is registered and opened by the same decisions as over HTTP, a
/// thousand lines in one transaction, so a file that is sent again, or twice at once, or in part, opens everything
/// exactly once. Every other line is refused with its reason and does not affect the rest; when the file is sent again,
/// it is decided afresh.
/// </summary>
public sealed class ImportAccounts(
    EventStore store, CustomerKeys keys, CustomerSearch search, NpgsqlDataSource source, DateOnly today)
{
    private const int LinesPerChunk = 1_000;
    private const int ChunksAtOnce = 2;
    private const int MostRefusalsInAnswer = 1_000;

    internal async Task<ImportedAccounts> Run(Guid import, Stream file, CancellationToken cancellation)
    {
        await ImportRefusals.Begin(source, import, cancellation);
        var (lines, opened, refused, shown) = (0L, 0L, 0L, new List<RefusedAccountLine>());
        var writing = new Queue<Chunk>();
        try
        {
            await foreach (var chunk in AccountFile.Chunks(file, LinesPerChunk, cancellation))
            {
                lines += chunk.Count;
                var streams = StreamsOf(chunk);
                // Of two lines about one account or customer the first wins, so their chunks do not run concurrently.
                while (writing.Count == ChunksAtOnce || writing.Any(other => other.Streams.Overlaps(streams)))
                    Count(await writing.Dequeue().Outcome);
                writing.Enqueue(new(streams, Write(import, chunk, streams, cancellation)));
            }
        }
        finally
        {
            await Task.WhenAll(writing.Select(chunk => chunk.Outcome));
        }
        while (writing.TryDequeue(out var chunk))
            Count(await chunk.Outcome);
        return new(import, lines, opened, lines - opened - refused, refused, shown);

        void Count(Outcome outcome)
        {
            opened += outcome.Opened;
            refused += outcome.Refused.Count;
            shown.AddRange(outcome.Refused.Take(MostRefusalsInAnswer - shown.Count));
        }
    }

    private static HashSet<string> StreamsOf(IReadOnlyList<AccountLine> chunk) => chunk
        .Where(line => line.Refused is null)
        .SelectMany(line => new[] { Holder.Stream(line.Register!.Customer).Id, Account.Stream(line.Open!.Number).Id })
        .ToHashSet(StringComparer.Ordinal);

    private Task<Outcome> Write(
        Guid import, IReadOnlyList<AccountLine> chunk, HashSet<string> streams, CancellationToken cancellation) =>
        store.Bulk(streams, async session =>
        {
            var outcome = await Decide(chunk, session, cancellation);
            await ImportRefusals.Keep(session.Connection, import, outcome.Refused, cancellation);
            return outcome;
        }, cancellation);

    private async Task<Outcome> Decide(
        IReadOnlyList<AccountLine> chunk, BulkSession session, CancellationToken cancellation)
    {
        var holders = await session.Load(Holder.Streams, cancellation);
        var accounts = await session.Load(Account.Streams, cancellation);
        var plans = await PublishedPlans.All(session.Connection, cancellation);
        var sealing = await keys.OfOrNew(session.Connection, Customers(chunk), cancellation);
        var (opened, refused) = (0, new List<RefusedAccountLine>());
        var found = new List<CustomerSearch.Hashes>();
        foreach (var line in chunk)
        {
            if (line is not { Register: { } register, Open: { } open })
            {
                refused.Add(line.Refused!);
                continue;
            }
            var (customer, place) = (Holder.Stream(register.Customer), Account.Stream(open.Number));
            var holder = holders.GetValueOrDefault(customer.Id, new Holder.Unknown());
            var account = accounts.GetValueOrDefault(place.Id, new Account.None());
            if ((register.Refuse() ?? open.Refuse()) is { } wrong)
            {
                refused.Add(AccountLineReader.Refuse(line, open, wrong));
                continue;
            }
            var key = sealing.GetValueOrDefault(register.Customer.Value);
            var registering = (register with { Key = key }).Decide(holder);
            open = open with
            {
                Holder = registering.Aggregate(holder, Holder.Evolve), Plans = plans, Today = today, Key = key,
            };
            var opening = open.Decide(account);
            if ((registering.Rejection ?? opening.Rejection) is { } rejection)
            {
                refused.Add(AccountLineReader.Refuse(line, open, rejection));
                continue;
            }
            holders[customer.Id] = session.Append(customer, holder, registering.Events);
            accounts[place.Id] = session.Append(place, account, opening.Events);
            opened += opening.Events.Count;
            if (registering.Events.Count > 0)
                found.Add(await search.Entry(register.Customer, register.Name, register.Phone, cancellation));
        }
        await CustomerSearch.Write(session.Connection, found, cancellation);
        return new(opened, refused);
    }

    /// <summary>The customers of lines that may be taken, for whom keys are needed.</summary>
    private static IEnumerable<string> Customers(IReadOnlyList<AccountLine> chunk) => chunk
        .Where(line => line is { Register: { } register, Open: { } open }
            && register.Refuse() is null && open.Refuse() is null)
        .Select(line => line.Register!.Customer.Value);

    private sealed record Chunk(HashSet<string> Streams, Task<Outcome> Outcome);

    private sealed record Outcome(int Opened, IReadOnlyList<RefusedAccountLine> Refused);
}

public static class ImportAccountsEndpoint
{
    private const long LargestFile = 1L << 30;

    public static void MapImportAccounts(this IEndpointRouteBuilder routes) => routes
        .MapPost("/imports/accounts", Handle)
        .WithName(nameof(ImportAccounts)).RequireRight(Right.ImportAccounts)
        .Accepts<string>("text/csv")
        .WithMetadata(new RequestSizeLimitAttribute(LargestFile))
        .RequireIdempotencyKey()
        .WithSummary("Imports accounts from a file; refused lines are listed with reasons.")
        .Refuses(AccountFile.HeaderInvalid);

    private static async Task<Results<Ok<ImportedAccounts>, ProblemHttpResult>> Handle(
        HttpRequest request, [FromHeader(Name = "Idempotency-Key")] string key, EventStore store, CustomerKeys keys,
        CustomerSearch search, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            var import = new ImportAccounts(store, keys, search, source, clock.Today());
            var answer = await import.Run(IdOf(key), request.Body, cancellation);
            // A line refused today may be valid tomorrow: its plan is published, or another line of the customer is
            // removed.
            if (answer.RefusedTotal > 0)
                IdempotencyKey.NotFinal(request.HttpContext);
            return TypedResults.Ok(answer);
        }
        catch (UnreadableFileException e)
        {
            return e.Rejection.ToProblem();
        }
    }

    /// <summary>
    /// The id of an import, derived from the caller's key, so that a repeated attempt is the same import.
    /// </summary>
    private static Guid IdOf(string key) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"accounts {Actor.Current.By} {key}")).AsSpan(0, 16));
}
