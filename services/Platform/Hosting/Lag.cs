using Billing.Contracts;
using Billing.Contracts.Api;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Billing.Platform;

/// <summary>The lag of this service's relay and consumers.</summary>
internal static class LagEndpoint
{
    public static void MapLag(this IEndpointRouteBuilder routes) => routes.MapGet("/lag", Handle)
        .WithName("Lag").RequireRight(Right.ReadOperations).ForEveryScope()
        .WithSummary("Returns the lag of the relay and of each consumer.");

    private static async Task<Ok<Lag>> Handle(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var (head, relayed) = await connection.QuerySingleAsync<(long, long)>("""
            select (select case when is_called then last_value else 0 end from mt_events_sequence),
                   coalesce((select last_seq_id from mt_event_progression where name = 'Relay:All'), 0)
            """);
        var consumers = await connection.QueryAsync<
            (string Consumer, long Messages, long Items, DateTime LastAt, double Delay)>("""
            select consumer, count(*), sum(items)::bigint, max(received_at),
              (array_agg(extract(epoch from received_at - sent_at) * 1000 order by received_at desc))[1]::float8
            from inbox group by consumer order by consumer
            """);
        return TypedResults.Ok(new Lag(head, relayed, [.. consumers.Select(row =>
            new ConsumerLag(row.Consumer, row.Messages, row.Items, row.LastAt, row.Delay))]));
    }
}
