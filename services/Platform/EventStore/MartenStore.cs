using System.Runtime.ExceptionServices;
using System.Text.Json;
using Billing.Contracts;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;
using Npgsql;
using Weasel.Core;

namespace Billing.Platform;

/// <summary>Configures Marten for the streams of a service (docs/adr/0027).</summary>
public static class MartenStore
{
    private const int CommandSeconds = 60;

    /// <summary>
    /// Marten's options for a database and its families of streams: this system's event names, JSON and metadata, rows
    /// that follow from events, and no retries, because only the caller knows what may be repeated.
    /// </summary>
    public static StoreOptions Options(NpgsqlDataSource source, IReadOnlyList<StreamType> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        var options = new StoreOptions
        {
            // The schema is changed only by its owner, see Schema.
            AutoCreateSchemaObjects = AutoCreate.None,
            DatabaseSchemaName = "public",
            CommandTimeout = CommandSeconds,
            DisableNpgsqlLogging = true,
        };
        options.Connection(source);
        options.ConfigurePolly(_ => { });
        options.ConfigureWritePolly(_ => { });
        options.UseSystemTextJsonForSerialization(
            new JsonSerializerOptions(Wire.Stored), EnumStorage.AsString, Casing.CamelCase);
        options.Events.StreamIdentity = StreamIdentity.AsString;
        // Rich appends take their numbers outside of the writing transaction, which SafePosition could not detect.
        options.Events.AppendMode = EventAppendMode.Quick;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        foreach (var errors in new[] { options.Projections.Errors, options.Projections.RebuildErrors })
            (errors.SkipUnknownEvents, errors.SkipSerializationErrors, errors.SkipApplyErrors) = (false, false, false);
        if (streams.Count == 0)
            options.Events.MapEventType<NoEvent>("no-event");
        foreach (var type in streams)
            type.As(new Registration(options));
        return options;
    }

    /// <summary>
    /// A session inside a transaction of the caller, who commits it. Other statements on its connection belong to the
    /// same transaction.
    /// </summary>
    internal static IDocumentSession SessionIn(this IDocumentStore store, NpgsqlTransaction transaction) =>
        store.LightweightSession(SessionOptions.ForTransaction(transaction));

    /// <summary>
    /// Writes what is queued on a session. Faults of the database are thrown as they are, not wrapped, because callers
    /// decide by them.
    /// </summary>
    internal static async Task Save(this IDocumentSession session, CancellationToken cancellation = default)
    {
        try
        {
            await session.SaveChangesAsync(cancellation);
        }
        catch (Exception e) when (e is not NpgsqlException && e.InnerException is NpgsqlException fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>A dummy event: Marten creates its event tables only when it knows an event type.</summary>
    private sealed record NoEvent;

    private sealed class Registration(StoreOptions options) : IStreamTypeUse<bool>
    {
        public bool Use<TState, TEvent>(StreamType<TState, TEvent> type)
            where TEvent : class
        {
            foreach (var (name, dotnet) in type.EventTypes)
                options.Events.MapEventType(dotnet, name);
            options.Projections.Add(new LiveAggregate<TState, TEvent>(type), ProjectionLifecycle.Live);
            if (type.Tables.Count > 0)
                options.Projections.Add(
                    new InlineRows<TState, TEvent>(type), ProjectionLifecycle.Inline, $"{type.Category}-rows");
            return true;
        }
    }
}

/// <summary>
/// Opens sessions with the current actor's metadata, for slices written as Marten's documentation shows.
/// </summary>
public sealed class SessionsOfActors(IDocumentStore store) : ISessionFactory
{
    /// <inheritdoc/>
    public IQuerySession QuerySession() => store.QuerySession();

    /// <inheritdoc/>
    public IDocumentSession OpenSession()
    {
        var session = store.LightweightSession(new SessionOptions { Listeners = { new Audited() } });
        EventMetadata.Describe(session);
        return session;
    }

    /// <summary>Writes a row of the audit trail for each stream that is appended to.</summary>
    private sealed class Audited : DocumentSessionListenerBase
    {
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            var rows = new Rows();
            foreach (var stream in session.PendingChanges.Streams())
            {
                rows.Insert(AuditEntry.Table, AuditEntry.Of(
                    AuditKind.Command, TimeProvider.System.GetUtcNow(), "Append", stream.Key));
                AuditedOperation.Current?.CommandRecorded();
            }
            if (!rows.IsEmpty)
                session.QueueOperation(rows.Operation());
            return Task.CompletedTask;
        }
    }
}
