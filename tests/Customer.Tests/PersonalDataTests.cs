using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Customers.Tests;

/// <summary>Who sees a name, and what becomes of it.</summary>
public sealed class PersonalDataTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const string Reason = "工单 2026-118";
    private static readonly string Why = Uri.EscapeDataString(Reason);

    [Fact]
    public async Task Clear_text_needs_a_reason_and_the_read_is_recorded_first()
    {
        await Register("C500001", "欧阳若兰", "13812345001");
        await Open("5000000001", "C500001", "望京新城9号楼901室");

        foreach (var path in new[] { "customers/C500001/personal-data", "accounts/5000000001/personal-data" })
        {
            (await CodeOf(Read(path, null), 400)).Should().Be("bad-request");
            foreach (var reason in new[] { "", "%20%20", new string('x', 201) })
                (await CodeOf(Read(path, reason), 400)).Should().Be("read-reason-missing");
        }
        (await Reads("C500001")).Should().BeEmpty("nothing was shown");
        (await service.Http.GetStringAsync(At("customers/C500001"))).Should().NotContain("若兰").And.NotContain("138");
        (await service.Http.GetStringAsync(At("accounts/5000000001"))).Should().NotContain("901");
        (await service.Http.GetStringAsync(At("accounts/5000000001/timeline"))).Should()
            .NotContain("901").And.NotContain("address");

        (await Shown<CustomerPersonalData>("customers/C500001/personal-data")).Should()
            .Be(new CustomerPersonalData(CustomerNo.Parse("C500001"), "欧阳若兰", "13812345001"));
        (await Shown<AccountPersonalData>("accounts/5000000001/personal-data")).Address.Should().Be("望京新城9号楼901室");

        var reads = await Reads("C500001");
        reads.Select(read => (read.Reader, read.Reason, string.Join(',', read.Fields))).Should().Equal(
            ("user:clerk", Reason, "name,phone"), ("user:clerk", Reason, "address"));
        reads.Should().OnlyContain(read => read.Address.Length > 0);
        (await service.Scalar<long>("""
            select count(*) from audit_trail
            where kind = 'Read' and actor = 'user:clerk' and target in ('customer-C500001', 'account-5000000001')
            """)).Should().Be(2, "the audit trail has each of them, too");
        var page = await service.Http.GetFromJsonAsync<PersonalDataReadPage>(
            At($"personal-data-reads?reader=user:clerk&customer=C500001&limit=1"), Wire.Strict);
        page!.Next.Should().Be(reads[0].Id);
        (await CodeOf(Read("customers/C599999/personal-data", Why), 404)).Should().Be("customer-unknown");
        (await CodeOf(Read("accounts/5999999999/personal-data", Why), 404)).Should().Be("account-unknown");
    }

    [Fact]
    public async Task A_customer_is_found_by_the_exact_name_and_number_and_shown_masked()
    {
        await Register("C500002", "司马青云", "+86 138-1234-5002");
        await Register("C500003", "司马青云", "13812345003");

        (await Find("司马青云", null)).Should().Equal("C500002", "C500003");
        (await Find(" 司马 青云", "138 1234 5003")).Should().Equal("C500003");
        (await Find(null, "13812345002")).Should().Equal("C500002");
        (await Find("司马", null)).Should().BeEmpty();
        var answer = await service.Http.PostAsJsonAsync(
            At("customers/search"), new { name = "司马青云", phone = (string?)null, after = "C500002" });
        (await answer.Content.ReadAsStringAsync()).Should().Contain("司*").And.NotContain("司马");
        (await CodeOf(service.Http.PostAsJsonAsync(
            At("customers/search"), new { name = (string?)null, phone = "-", after = (string?)null }), 422))
            .Should().Be("search-empty");
    }

    [Fact]
    public async Task A_correction_reaches_every_account_and_an_erasure_all_that_was_ever_known()
    {
        await Register("C500004", "上官婉清", "13812345004");
        await Open("5000000004", "C500004", "知春里4号楼404室");
        await Open("5000000005", "C500004", "知春里5号楼505室");

        (await Post("corrections", new { name = "诸葛婉清", phone = "", kind = "Person", reason = "身份证 4" }))
            .StatusCode.Should().Be(HttpStatusCode.OK);
        (await Post("corrections", new { name = "诸葛婉清", phone = "", kind = "Person", reason = "身份证 4" }))
            .StatusCode.Should().Be(HttpStatusCode.OK);
        (await Kinds("5000000005")).Should().Equal("account-opened", "holder-corrected");
        (await Masked("5000000004"), await Masked("5000000005")).Should().Be(("诸*", "诸*"));
        (await Find("上官婉清", null)).Should().BeEmpty();
        (await Find("诸葛婉清", null)).Should().Equal("C500004");
        await Register("C500004", "上官婉清", "13812345004", HttpStatusCode.OK);

        var documents = new PersonalDocuments(
            service.Running.Source, service.Running.App.Services.GetRequiredService<CustomerKeys>());
        var (scan, _) = await documents.Put("C500004", "image/png", [1, 2, 3]);
        (await CodeOf(Post("erasure", new { contractsEndedOn = (string?)null, reason = "申请 4" }), 409))
            .Should().Be("customer-contracts-run");
        for (var i = 0; i < 2; i++)
            (await Post("erasure", new { contractsEndedOn = "2026-10-31", reason = "申请 4" })).EnsureSuccessStatusCode();

        (await Kinds("5000000005")).Should().Equal("account-opened", "holder-corrected", "holder-erased");
        (await Masked("5000000004"), await Masked("5000000005")).Should().Be(("***", "***"));
        (await Find("诸葛婉清", null)).Should().BeEmpty();
        (await CodeOf(Read("customers/C500004/personal-data", Why), 409)).Should().Be("customer-erased");
        (await CodeOf(Read("accounts/5000000004/personal-data", Why), 409)).Should().Be("customer-erased");
        (await documents.Get("C500004", scan!)).Should().BeNull();
        (await CodeOf(Post("corrections", new { name = "张三", phone = "", kind = "Person", reason = "x" }), 409))
            .Should().Be("customer-erased");
        var customer = await service.Http.GetFromJsonAsync<CustomerDetails>(At("customers/C500004"), Wire.Strict);
        (customer!.MaskedName, customer.Erased).Should().Be(("***", true));
        (await Dump.Of(service.Running.Postgres)).Should().NotContain("婉清").And.NotContain("13812345004")
            .And.NotContain("404室");
    }

    /// <summary>A file whose columns are mixed up must not have names among its refusals.</summary>
    [Fact]
    public async Task A_refusal_repeats_nothing_of_its_line()
    {
        var line = Town.Line(500_000).Replace("1000500000,C10500000,", "慕容雪,慕容雪,", StringComparison.Ordinal);
        var header = await service.Http.SendAsync(Town.Import("慕容雪,13812345006\n", "no header"));
        var refused = await service.Http.SendAsync(Town.Import(Town.File([line]), "mixed up"));

        (await header.Content.ReadAsStringAsync()).Should().NotContain("慕容");
        (await refused.Content.ReadAsStringAsync()).Should().Contain("\"refusedTotal\":1").And.NotContain("慕容");
        (await Dump.Of(service.Running.Postgres)).Should().NotContain("慕容");
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    private static async Task<string> CodeOf(Task<HttpResponseMessage> asked, int status)
    {
        var answer = await asked;
        ((int)answer.StatusCode).Should().Be(status);
        return await ServiceFixture.CodeOf(answer);
    }

    private async Task Register(
        string customer, string name, string phone, HttpStatusCode status = HttpStatusCode.Created) =>
        (await service.Http.PutAsJsonAsync(At($"customers/{customer}"), new { name, phone, kind = "Person" }))
            .StatusCode.Should().Be(status);

    private async Task Open(string account, string customer, string address) =>
        (await service.Http.PutAsJsonAsync(At($"accounts/{account}"), new
        {
            customer, region = "海淀区", project = "知春里", address, @class = "Residential", openedOn = "2020-10-01",
            electricity = (object?)null,
            heat = new
            {
                plan = Town.Plans[1], billingAreaM2 = 60, storeyHeightM = (decimal?)null, useClass = "住宅",
                metered = false,
            },
        })).StatusCode.Should().Be(HttpStatusCode.Created);

    private async Task<HttpResponseMessage> Read(string path, string? reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At(path));
        request.As("clerk");
        if (reason is not null)
            request.Headers.Add("Reason", reason);
        return await service.Http.SendAsync(request);
    }

    private async Task<T> Shown<T>(string path) =>
        await ServiceFixture.Read<T>(await Read(path, Why));

    private async Task<HttpResponseMessage> Post(string what, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At($"customers/C500004/{what}"));
        request.As("officer");
        request.Content = JsonContent.Create(body);
        return await service.Http.SendAsync(request);
    }

    private async Task<IReadOnlyList<PersonalDataRead>> Reads(string customer) =>
        (await service.Http.GetFromJsonAsync<PersonalDataReadPage>(
            At($"personal-data-reads?customer={customer}"), Wire.Strict))!.Reads;

    private async Task<IEnumerable<string>> Find(string? name, string? phone)
    {
        var answer = await service.Http.PostAsJsonAsync(
            At("customers/search"), new { name, phone, after = (string?)null });
        return (await ServiceFixture.Read<CustomersFound>(answer)).Customers.Select(found => found.Customer.Value);
    }

    private async Task<string?> Masked(string account) =>
        (await service.Http.GetFromJsonAsync<JsonElement>(At($"accounts/{account}"))).GetProperty("maskedName")
        .GetString();

    private async Task<IEnumerable<string?>> Kinds(string account) =>
        (await service.Http.GetFromJsonAsync<JsonElement>(At($"accounts/{account}/timeline"))).GetProperty("entries")
        .EnumerateArray().Select(entry => entry.GetProperty("kind").GetString());
}
