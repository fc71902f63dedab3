using System.Collections.Immutable;
using Billing.Testing;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// The smallest stream that has everything: a state, a natural key that is unique across streams, and two tables.
/// </summary>
public sealed record TestAccount(long Fen, ImmutableHashSet<string> Slips)
{
    public static readonly Table<(string TestAccount, long Fen, long Version)> Balances =
        new Table<(string TestAccount, long Fen, long Version)>("purse")
            .Key("purse", row => row.TestAccount).Column("fen", row => row.Fen).Column("version", row => row.Version);

    public static readonly Table<(string Slip, string TestAccount, long Fen)> AllSlips =
        new Table<(string Slip, string TestAccount, long Fen)>("slip")
            .Key("slip", row => row.Slip).Column("purse", row => row.TestAccount).Column("fen", row => row.Fen)
            .TakenAs(PutIn.SlipTaken);

    public static readonly StreamType<TestAccount, TestAccountEvent> Type = new(
        "purse", new TestAccount(0, []), Evolve,
        Project, Balances, AllSlips)
    {
        HasSnapshots = true,
        Identity = (_, @event) => @event is MoneyPutIn e ? $"slip {e.Slip}" : null,
    };

    public static StreamName<TestAccount, TestAccountEvent> Stream(string key) => Type.Named(key);

    public const string Schema = """
        create table if not exists purse (purse text primary key, fen bigint not null, version bigint not null);
        create table if not exists slip (slip text primary key, purse text not null, fen bigint not null);
        create index if not exists slip_by_purse on slip (purse);
        """;

    private static TestAccount Evolve(TestAccount state, TestAccountEvent @event) => @event switch
    {
        MoneyPutIn e => new(state.Fen + e.Fen, state.Slips.Add(e.Slip)),
        _ => throw new InvalidOperationException(),
    };

    private static void Project(Rows rows, Recorded<TestAccountEvent> recorded, TestAccount before, TestAccount after)
    {
        var putIn = (MoneyPutIn)recorded.Event;
        rows.Upsert(Balances, (recorded.Stream, after.Fen, recorded.Version));
        rows.Insert(AllSlips, (putIn.Slip, recorded.Stream, putIn.Fen));
    }
}

public abstract record TestAccountEvent;

[StoredAs("money-put-in.v1")]
public sealed record MoneyPutIn(string Slip, long Fen) : TestAccountEvent;

public sealed record PutIn(string Slip, long Fen) : ICommand<TestAccount, TestAccountEvent>
{
    public static readonly Rejection SlipTaken = Rejection.Conflict("slip-taken", "This slip was used before.");
    public static readonly Rejection NotPositive = Rejection.Invalid("not-positive", "Put in more than nothing.");

    public Rejection? Refuse() => Fen <= 0 ? NotPositive : null;

    public Decision<TestAccountEvent> Decide(TestAccount state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        _ when state.Slips.Contains(Slip) => [],
        _ => [new MoneyPutIn(Slip, Fen)],
    };
}

/// <summary>The two ways to execute a command.</summary>
public enum Way
{
    Store,
    Marten,
}

/// <summary>A store on a database, as one process of a service has it.</summary>
public sealed class Process : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private Process(string connection, Way way)
    {
        Way = way;
        Source = Database.Source(connection, "test");
        Readers = Database.ReaderSource(connection, "test-readers");
        Signal = new EventSignal(Source, NullLogger<EventSignal>.Instance);
        Marten = new DocumentStore(MartenStore.Options(Source, Streams));
        Sessions = new SessionsOfActors(Marten);
        Store = new EventStore(Marten, Source, Signal, NullLogger<EventStore>.Instance);
    }

    public static IReadOnlyList<StreamType> Streams { get; } = StreamType.In(typeof(TestAccount).Assembly);

    public NpgsqlDataSource Source { get; }

    public NpgsqlDataSource Readers { get; }

    public DocumentStore Marten { get; }

    public ISessionFactory Sessions { get; }

    public EventSignal Signal { get; }

    public EventStore Store { get; }

    public static async Task<Process> Start(string connection, Way way = Way.Store)
    {
        var process = new Process(connection, way);
        await process.Store.StartAsync(process._stop.Token);
        return process;
    }

    public static async Task<Process> Start(Way way = Way.Store)
    {
        var connection = await Backend.NewDatabase(typeof(TestAccount).Assembly);
        var process = await Start(connection, way);
        await process.Run(TestAccount.Schema);
        return process;
    }

    public string Connection => Source.ConnectionString;

    /// <summary>How commands are executed: by our store, or as a slice that is written Marten's way.</summary>
    public Way Way { get; init; }

    public Task<Executed<TestAccount, TestAccountEvent>> PutIn(string purse, string slip, long fen = 1) =>
        Way == Way.Store
        ? Store.Execute(TestAccount.Stream(purse), new PutIn(slip, fen))
        : PutInByMarten(purse, slip, fen);

    /// <summary>The slice of a newcomer who has read Marten's documentation.</summary>
    private async Task<Executed<TestAccount, TestAccountEvent>> PutInByMarten(string purse, string slip, long fen)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = Sessions.OpenSession();
            var stream = await session.Events.FetchForWriting<Aggregate<TestAccount>>(TestAccount.Stream(purse).Id);
            var state = stream.Aggregate?.State ?? TestAccount.Type.Fold([]);
            var decision = new PutIn(slip, fen).Decide(state);
            if (decision.Events.Count == 0)
                return new(decision, state, stream.CurrentVersion ?? 0);
            var before = stream.CurrentVersion ?? 0;
            stream.AppendMany(decision.Events);
            try
            {
                await session.SaveChangesAsync();
                return new(
                    decision, TestAccount.Type.Fold([.. History(state), .. decision.Events]),
                    before + decision.Events.Count);
            }
            catch (Exception e) when (TestAccount.Type.RefusalOf(e) is { } refusal)
            {
                if (refusal != Rejection.Contended || attempt == 20)
                    return new(refusal, state, 0);
            }
        }
    }

    private static IEnumerable<TestAccountEvent> History(TestAccount state) =>
        state.Slips.Select((slip, i) => new MoneyPutIn(slip, i == 0 ? state.Fen : 0));

    /// <summary>Runs a subscription as one instance of a service does.</summary>
    public async Task<SubscriptionHost> Follow(Subscription subscription)
    {
        var host = new SubscriptionHost(Readers, Streams, Signal, [subscription], NullLoggerFactory.Instance);
        await host.StartAsync(_stop.Token);
        return host;
    }

    public async Task Run(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.StopAsync(CancellationToken.None);
        await _stop.CancelAsync();
        Store.Dispose();
        Marten.Dispose();
        await Readers.DisposeAsync();
        await Source.DisposeAsync();
        _stop.Dispose();
    }
}
