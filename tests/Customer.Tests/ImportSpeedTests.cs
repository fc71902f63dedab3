using System.Diagnostics;
using System.Net;
using System.Text;
using Billing.Contracts.Api;
using Billing.Testing;
using Xunit.Abstractions;

namespace Billing.Customers.Tests;

public sealed class ImportSpeedTests(ServiceFixture service, ITestOutputHelper output) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Twenty_thousand_accounts_take_seconds()
    {
        using var http = new HttpClient(new SignedIn(new SocketsHttpHandler()))
        {
            BaseAddress = service.Http.BaseAddress, Timeout = TimeSpan.FromMinutes(10),
        };
        var rows = int.Parse(Environment.GetEnvironmentVariable("BILLING_IMPORT_ROWS") ?? "20000", null);
        using var request = Town.Import(new TownContent(rows), $"speed-{rows}");
        var watch = Stopwatch.StartNew();

        var response = await http.SendAsync(request);
        var seconds = watch.Elapsed.TotalSeconds;
        output.WriteLine($"{rows} rows in {seconds:0.00} s: {rows / seconds:0}/s; " +
            $"{GC.GetTotalMemory(false) >> 20} MiB managed, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB " +
            $"peak");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await ServiceFixture.Read<ImportedAccounts>(response)).Opened.Should().Be(rows);
        (await service.Running.Events.Count<AccountOpened>(), await service.Running.Events.Count<CustomerRegistered>())
            .Should().Be((rows, rows));
        (await service.Scalar<long>("select count(*) from accounts")).Should().Be(rows);
        seconds.Should().BeLessThan(rows / 1_000.0, "a file of a town is a matter of seconds even on a busy machine");
    }

    /// <summary>A file that is made while it is sent, however long it is.</summary>
    private sealed class TownContent(int rows) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(true), 65_536, leaveOpen: true);
            await writer.WriteLineAsync(Town.Header);
            for (var i = 0; i < rows; i++)
                await writer.WriteLineAsync(Town.Line(i));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
