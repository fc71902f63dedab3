using Npgsql;

namespace Billing.Tools;

/// <summary>
/// Lists the billing runs that need attention: those that were abandoned, that failed, that left accounts out because
/// their drafts were outdated, and those that are posted without a seal.
/// </summary>
internal static class UnfinishedRuns
{
    private const string Sql = """
        select r.run, concat_ws('; ',
          case when r.state = 'abandoned'
            then 'abandoned 已放弃 by ' || r.abandoned_by || ': ' || r.abandoned_because end,
          case when r.state = 'posted' and m.run is null then 'posted, but not sealed 未封签' end,
          case when r.state = 'posted' and r.cohort <> r.issued + r.excepted + r.excluded
            then 'cohort is not issued + excepted + excluded' end,
          (select count(*) || ' drafts outdated 试算已过期' from run_exception e
           where e.run = r.run and e.code = 'draft-outdated' and e.state = 'open' having count(*) > 0),
          (select count(*) || ' chunks failed 失败: ' || min(c.fault) from run_chunk c
           where c.run = r.run and c.fault is not null having count(*) > 0))
        from run r left join run_manifest m using (run) order by r.run
        """;

    public static async Task Show(ConsoleOutput console, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Instance.Postgres("invoicing"));
        await using var command = source.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetString(1) is { Length: > 0 } what)
                console.Warn($"run {reader.GetString(0)}: {what}");
        }
    }
}
