using System.Net;
using System.Security.Cryptography;
using System.Text;
using Billing.Contracts.Api;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class ImportAccountsTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task The_same_file_twice_opens_everything_once()
    {
        var file = Town.File(100_000, 2_500);

        var first = await Answer(file, "twice-1");
        var second = await Answer(file, "twice-2");

        (first.Lines, first.Opened, first.Unchanged, first.RefusedTotal).Should().Be((2_500, 2_500, 0, 0));
        (second.Lines, second.Opened, second.Unchanged, second.RefusedTotal).Should().Be((2_500, 0, 2_500, 0));
    }

    [Fact]
    public async Task Two_imports_of_the_same_town_at_once_open_everything_once()
    {
        var lines = Enumerable.Range(200_000, 3_000).Select(Town.Line).ToList();

        var answers = await Task.WhenAll(
            Answer(Town.File(lines), "race-1"),
            Answer(Town.File(lines), "race-2"),
            Answer(Town.File(Enumerable.Reverse(lines)), "race-3"));

        answers.Sum(answer => answer.Opened).Should().Be(3_000);
        answers.Should().OnlyContain(answer => answer.Opened + answer.Unchanged == 3_000 && answer.RefusedTotal == 0);
        (await service.Running.Events.All<AccountOpened>())
            .Count(e => e.Account.Value.StartsWith("100020", StringComparison.Ordinal)).Should().Be(3_000);
    }

    public static TheoryData<string, string, string, string> BrokenLines => new()
    {
        { "1000300000,", "12,", "account", "line-field-invalid" },
        { ",C10300000,", ",10300000,", "customer", "line-field-invalid" },
        { ",张敏,", ",,", "name", "customer-name-invalid" },
        { ",13800300000,", ",telephone,", "phone", "customer-phone-invalid" },
        { ",海淀区,", ",,", "region", "account-region-invalid" },
        { ",阳光花园,", ",,", "project", "account-project-invalid" },
        { ",北京市海淀区阳光花园750号楼0室,", ",,", "address", "account-address-invalid" },
        { ",Residential,", ",residential,", "class", "account-class-unknown" },
        { ",Residential,", ",0,", "class", "account-class-unknown" },
        { ",2020-10-01,", ",01.10.2020,", "opened_on", "line-field-invalid" },
        { ",2020-10-01,", ",1020-10-01,", "opened_on", "account-opened-on-invalid" },
        { ",beijing-residential-electricity,", ",Beijing,", "electricity_plan", "line-field-invalid" },
        { ",beijing-residential-electricity,", ",,", "electricity_plan", "line-columns-together" },
        { ",<1kV,", ",,", "voltage", "line-columns-together" },
        { ",M00300000:1:6:0,", ",M00300000:1:6,", "meters", "line-field-invalid" },
        { ",M00300000:1:6:0,", ",M00300000:x:6:0,", "meters", "line-field-invalid" },
        { ",M00300000:1:6:0,", ",M00300000:1:6.5:0,", "meters", "line-field-invalid" },
        { ",M00300000:1:6:0,", ",M00300000:1:6:2,", "meters", "line-field-invalid" },
        { ",M00300000:1:6:0,", ",M00300000:1:3:0,", "meters", "meter-digits-invalid" },
        { ",M00300000:1:6:0,", ",M00300000:-1:6:0,", "meters", "line-field-invalid" },
        { ",M00300000:1:6:0,", ",M00300000:0:6:0,", "meters", "meter-multiplier-invalid" },
        { ",M00300000:1:6:0,", ",表:1:6:0,", "meters", "meter-number-invalid" },
        { ",M00300000:1:6:0,", ",M1:1:6:0;M1:1:6:0,", "meters", "electricity-meters-invalid" },
        { ":0,,,,,", ":0,beijing-residential-heat,,,,", "area_m2", "line-columns-together" },
        { ":0,,,,,", ":0,,,3.6,,", "heat_plan", "line-columns-together" },
        { ":0,,,,,", ":0,h,1e3,,住宅,0", "area_m2", "line-field-invalid" },
        { ":0,,,,,", ":0,h,0,,住宅,0", "area_m2", "heat-area-invalid" },
        { ":0,,,,,", ":0,h,80,high,住宅,0", "height_m", "line-field-invalid" },
        { ":0,,,,,", ":0,h,80,3.6,住宅,yes", "heat_metered", "line-field-invalid" },
        { ",beijing-residential-electricity,<1kV,M00300000:1:6:0,", ",,,,", "account", "account-nothing-supplied" },
        { ":0,,,,,", ":0,,,,", "", "line-columns-wrong" },
        { ":0,,,,,", ":0,,,,,,", "", "line-columns-wrong" },
        { ",张敏,", ",张\"敏,", "", "line-quotes-wrong" },
        { ",张敏,", ",\"张敏,", "", "line-quotes-wrong" },
        { ",张敏,", ",张\0敏,", "name", "customer-name-invalid" },
        { ",2020-10-01,", ",2020-10-01\0,", "opened_on", "line-field-invalid" },
        { ",M00300000:1:6:0,", ",M00300000:1\0:6:0,", "meters", "line-field-invalid" },
        { ":0,,,,,", ":0,h,80\0,,住宅,0", "area_m2", "line-field-invalid" },
        { ":0,,,,,", ":0,h,9999999999999999999999999999999,,住宅,0", "area_m2", "line-field-invalid" },
        { ":0,,,,,", ":0,no-such-plan,80,,住宅,0", "heat_plan", "plan-not-published" },
        { ",beijing-residential-electricity,", ",no-such-plan,", "electricity_plan", "plan-not-published" },
    };

    [Theory, MemberData(nameof(BrokenLines))]
    public async Task A_broken_line_is_named_and_the_others_are_taken(
        string good, string bad, string field, string code)
    {
        var line = Town.Line(300_000);
        line.Should().Contain(good);
        // A real line before it and one after it, the same in every case: the first case opens them.
        var broken = line.Replace(good, bad, StringComparison.Ordinal);
        var file = Town.File([Town.Line(300_001), broken, Town.Line(300_002)]);

        var answer = await Answer(file, $"broken {good} {bad}");

        answer.Lines.Should().Be(3);
        answer.Refused.Should().ContainSingle();
        (answer.Refused[0].Line, answer.Refused[0].Field, answer.Refused[0].Code).Should().Be((3, field, code));
        answer.Refused[0].Message.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Other_facts_under_a_known_number_are_refused_and_the_same_facts_are_unchanged()
    {
        var (line, other) = (Town.Line(310_000), Town.Line(310_001));
        var moved = line.Replace("阳光花园", "别处", StringComparison.Ordinal);
        var renamed = other.Replace("1000310001,C10310001", "1000319999,C10310000", StringComparison.Ordinal);

        var answer = await Answer(Town.File([line, line, moved, renamed, other]), "other facts");

        (answer.Opened, answer.Unchanged, answer.RefusedTotal).Should().Be((2, 1, 2));
        answer.Refused.Select(refused => (refused.Line, refused.Account, refused.Field, refused.Code)).Should().Equal(
            (4, "1000310000", "account", "account-opened-otherwise"),
            (5, "1000319999", "customer", "customer-registered-otherwise"));
    }

    [Fact]
    public async Task A_duplicate_in_the_next_chunk_loses_to_the_first_line_although_its_chunk_is_shorter()
    {
        var lines = Enumerable.Range(320_000, 1_000).Select(Town.Line).ToList();
        lines.Add(lines[^1].Replace("2020-10-01", "2021-10-01", StringComparison.Ordinal));

        var answer = await Answer(Town.File(lines), "late duplicate");

        answer.Opened.Should().Be(1_000);
        answer.Refused.Select(refused => (refused.Line, refused.Code))
            .Should().Equal((1_002, "account-opened-otherwise"));
    }

    [Fact]
    public async Task The_answer_shows_a_thousand_refusals_and_the_rest_can_be_fetched()
    {
        var file = Town.File(Enumerable.Range(0, 1_500).Select(i => "=1+1" + Town.Line(330_000 + i)));

        var answer = await Answer(file, "many refusals");
        var all = await service.Http.GetStringAsync(new Uri($"imports/{answer.Import}/refusals", UriKind.Relative));

        (answer.RefusedTotal, answer.Refused.Count).Should().Be((1_500, 1_000));
        var lines = all.TrimEnd('\n').Split('\n');
        lines.Should().HaveCount(1_501);
        lines[0].Should().Be("line,account,field,code,message");
        lines[1_500].Should().Be("1501,,account,line-field-invalid,The field is not 6 to 14 digits.");
    }

    [Fact]
    public async Task An_import_without_refusals_has_an_empty_list_and_an_unknown_one_has_none()
    {
        var answer = await Answer(Town.File(340_000, 1), "no refusals");

        (await service.Http.GetStringAsync(new Uri($"imports/{answer.Import}/refusals", UriKind.Relative)))
            .Should().Be("line,account,field,code,message\n");
        var unknown = await service.Http.GetAsync(new Uri($"imports/{Guid.Empty}/refusals", UriKind.Relative));
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await ServiceFixture.CodeOf(unknown)).Should().Be("import-unknown");
    }

    [Theory]
    [InlineData("", "import-header-invalid")]
    [InlineData("account,customer\n", "import-header-invalid")]
    [InlineData(Town.Header + ",extra\n", "import-header-invalid")]
    [InlineData(Town.Header + ",account\n", "import-header-invalid")]
    public async Task A_wrong_header_refuses_the_file(string file, string code)
    {
        var response = await service.Http.SendAsync(Town.Import(file, $"header {file.Length}"));

        response.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await ServiceFixture.CodeOf(response)).Should().Be(code);
    }

    [Fact]
    public async Task Columns_may_be_in_any_order_and_a_byte_order_mark_is_tolerated()
    {
        var file = Town.File(350_000, 1).TrimEnd('\n').Split('\n')
            .Select(line => string.Join(',', line.Split(',').Reverse()));
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(string.Join("\r\n", file))];

        var answer = await Answer(Town.Import(bytes, "reversed columns"));

        (answer.Lines, answer.Opened).Should().Be((1, 1));
        (await Answer(Town.File(350_000, 1), "usual columns")).Unchanged.Should().Be(1);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused_with_their_line_and_the_others_are_taken()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var gbk = Encoding.GetEncoding("GBK").GetBytes(Town.Line(361_200) + "\n");
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Town.File(360_000, 2)), .. gbk,
            .. Encoding.UTF8.GetBytes(Town.Line(361_201))];

        var answer = await Answer(Town.Import(bytes, "gbk"));

        (answer.Lines, answer.Opened).Should().Be((4, 3));
        answer.Refused.Select(refused => (refused.Line, refused.Account, refused.Code))
            .Should().Equal((4, "1000361200", "line-not-utf8"));
    }

    [Fact]
    public async Task A_line_without_an_end_is_refused_and_the_others_are_taken()
    {
        var answer = await Answer(
            Town.File([Town.Line(370_000), "1000370001," + new string('x', 200_000), Town.Line(370_002)]), "endless");

        (answer.Lines, answer.Opened).Should().Be((3, 2));
        answer.Refused.Select(refused => (refused.Line, refused.Account, refused.Code))
            .Should().Equal((3, "1000370001", "line-too-long"));
    }

    /// <summary>The accounts came before their plan: the same file under the same key is decided afresh.</summary>
    [Fact]
    public async Task A_refused_line_is_taken_when_its_cause_is_gone()
    {
        var line = Town.Line(380_000).Replace(Town.Plans[0], "coming-plan", StringComparison.Ordinal);
        var file = Town.File([Town.Line(380_001), line]);

        var first = await Answer(file, "early");
        first.Refused.Select(refused => (refused.Line, refused.Field, refused.Code))
            .Should().Equal((3, "electricity_plan", "plan-not-published"));
        (await Refusals(first)).Should().Contain("plan-not-published").And.NotContain(
            "coming-plan", "whatever stands in the place of a plan may be a person, and the report is kept");

        await service.Tell(ServiceFixture.Plan(Town.Plans[0], 100, "coming-plan"));
        var second = await Answer(file, "early");

        second.Import.Should().Be(first.Import);
        (second.Opened, second.Unchanged, second.RefusedTotal).Should().Be((1, 1, 0));
        (await Refusals(second)).Should().Be("line,account,field,code,message\n", "nothing is refused any more");
        (await Answer(file, "early")).Opened.Should().Be(1, "an answer without refusals is kept");
    }

    [Fact]
    public async Task A_query_that_is_longer_than_a_key_of_a_table_is_no_fault()
    {
        using var import = Town.Import(Town.File(395_000, 1), "long query");
        var noise = Convert.ToHexString(RandomNumberGenerator.GetBytes(3_000));
        import.RequestUri = new Uri($"imports/accounts?x={noise}", UriKind.Relative);

        using var answer = await service.Http.SendAsync(import);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_heat_plan_is_looked_up_like_an_electricity_plan()
    {
        var line = Town.Line(390_001).Replace(Town.Plans[1], Town.Plans[0], StringComparison.Ordinal);

        (await Answer(Town.File([line]), "crossed plans")).Refused.Select(refused => (refused.Field, refused.Code))
            .Should().Equal(("heat_plan", "plan-of-another-utility"));
    }

    private Task<string> Refusals(ImportedAccounts answer) =>
        service.Http.GetStringAsync(new Uri($"imports/{answer.Import}/refusals", UriKind.Relative));

    private Task<ImportedAccounts> Answer(string file, string key) => Answer(Town.Import(file, key));

    private async Task<ImportedAccounts> Answer(HttpRequestMessage request) =>
        await ServiceFixture.Read<ImportedAccounts>(await service.Http.SendAsync(request));
}
