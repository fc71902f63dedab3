using System.Security.Cryptography;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>Keys, what is sealed with them, and what becomes of both.</summary>
public sealed class PersonalDataTests(PersonalDatabase database) : IClassFixture<PersonalDatabase>
{
    private static readonly CustomerKey Key = new("C1", RandomNumberGenerator.GetBytes(32));

    [Theory, InlineData(""), InlineData("张伟"), InlineData("+86 138-0000-0001"), InlineData("𠮷野家")]
    public void A_text_is_sealed_and_opened(string text)
    {
        var cipher = Key.Seal("name", text);

        Key.Open("name", cipher).Should().Be(text);
        Key.Seal("name", text).Should().Be(cipher, "equal texts are recognised without a key");
        cipher.ToString().Should().Be("(sealed)");
        if (text.Length > 0)
            cipher.Text.Should().NotContain(text);
    }

    [Fact]
    public void A_ciphertext_belongs_to_one_member_of_one_customer()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        CustomerKey mine = new("C1", secret), other = new("C2", secret);
        var cipher = mine.Seal("name", "张伟");

        mine.Seal("phone", "张伟").Should().NotBe(cipher);
        other.Seal("name", "张伟").Should().NotBe(cipher);
        foreach (var open in new[]
        {
            () => mine.Open("phone", cipher), () => other.Open("name", cipher), () => Key.Open("name", cipher),
            () => mine.Open("name", new Sealed("AQ==")), () => mine.Open("name", new Sealed("no base64")),
        })
            open.Should().Throw<CryptographicException>();
    }

    [Fact]
    public void A_changed_ciphertext_is_not_opened()
    {
        var cipher = Key.Seal("scan", "张伟"u8.ToArray());
        for (var i = 0; i < cipher.Length; i++)
        {
            byte[] changed = [.. cipher];
            changed[i] ^= 1;
            ((Func<byte[]>)(() => Key.Open("scan", changed))).Should().Throw<CryptographicException>();
        }
    }

    [Fact]
    public async Task A_key_is_made_once_and_never_again_after_it_was_destroyed()
    {
        var keys = database.Keys(database.First);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OfOrNew(keys, "K1", "K2")));
        made.Select(both => (both["K1"].Seal("m", "x"), both["K2"].Seal("m", "x"))).Distinct().Should().ContainSingle();

        await using (var connection = await database.Source.OpenConnectionAsync())
        {
            await CustomerKeys.Destroy(connection, "K1");
            await CustomerKeys.Destroy(connection, "K-never-there");
        }

        (await OfOrNew(keys, "K1", "K2", "K-never-there")).Keys.Should().Equal("K2");
        (await keys.Find("K1")).Should().BeNull();
        (await database.Ask<bool>("select wrapped is null and destroyed_at is not null from customer_keys " +
            "where customer = 'K1'")).Should().BeTrue();
    }

    [Fact]
    public async Task A_new_master_key_wraps_everything_and_the_former_one_is_not_needed_any_more()
    {
        await using var other = new PersonalDatabase();
        await other.InitializeAsync();
        var (first, second) = (other.First, MasterKey.New());
        string[] customers = [.. Enumerable.Range(0, 2_100).Select(i => $"R{i}")];
        var before = (await other.OfOrNew(other.Keys(first), customers))["R7"];
        var hash = (await other.Keys(first).Hash()).Of("name", "张伟");

        (await other.Keys(first, second).Rewrap()).Should().Be(2_101, "2,100 customers and the key for hashes");
        (await other.Keys(first, second).Rewrap()).Should().Be(0);

        var after = await other.Keys(second).Find("R7");
        after!.Open("name", before.Seal("name", "张伟")).Should().Be("张伟", "the data key is the same");
        (await other.Keys(second).Hash()).Of("name", "张伟").Should().Equal(hash, "and so are the hashes");
        await ((Func<Task>)(() => other.Keys(first).Find("R7"))).Should().ThrowAsync<CryptographicException>()
            .WithMessage("*Billing:PersonalData:MasterKeys does not name*");
    }

    [Fact]
    public async Task A_wrapped_key_in_the_row_of_another_customer_is_no_key()
    {
        var keys = database.Keys(database.First);
        await OfOrNew(keys, "M1", "M2");
        await database.Run("""
            update customer_keys set wrapped = (select wrapped from customer_keys where customer = 'M1')
            where customer = 'M2'
            """);

        await ((Func<Task>)(() => keys.Find("M2"))).Should().ThrowAsync<CryptographicException>();
    }

    [Fact]
    public async Task A_document_is_kept_once_as_ciphertext_until_its_customer_is_erased()
    {
        var documents = new PersonalDocuments(database.Source, database.Keys(database.First));
        var letter = RandomNumberGenerator.GetBytes(100_000);
        var (name, _) = await documents.Put("D1", "application/pdf", letter);

        (await documents.Put("D1", "application/pdf", letter)).Name.Should().Be(name);
        (await documents.Put("D2", "application/pdf", letter)).Name.Should().NotBe(name);
        (await documents.Get("D1", name!))!.Value.Document.Should().Equal(letter);
        (await documents.Get("D2", name!)).Should().BeNull();
        (await database.Ask<bool>("select bool_and(position($1 in bytes) = 0) from documents", letter[..1_000]))
            .Should().BeTrue();
        foreach (var (type, document) in new[]
        {
            ("text/html", letter), ("image/png", []), ("image/png", new byte[PersonalDocuments.Largest + 1]),
        })
            (await documents.Put("D1", type, document)).Rejection.Should().Be(PersonalDocuments.Unfit);

        await using (var connection = await database.Source.OpenConnectionAsync())
        {
            await CustomerKeys.Destroy(connection, "D1");
            await PersonalDocuments.Erase(connection, "D1");
        }
        (await documents.Get("D1", name!)).Should().BeNull();
        (await documents.Put("D1", "image/png", letter)).Rejection.Should().Be(PersonalDocuments.Erased);
        (await database.Ask<long>("select count(*) from documents where customer = 'D1'")).Should().Be(0);
    }

    [Fact]
    public void Whoever_configures_no_key_or_a_wrong_one_is_told_which_setting_it_is()
    {
        var wrong = Path.GetTempFileName();
        File.WriteAllText(wrong, "abc");
        foreach (var (files, message) in new (string[], string)[]
        {
            ([], "Billing:PersonalData:MasterKeys is not set*Billing__PersonalData__MasterKeys__0*"),
            ([wrong], "Billing:PersonalData:MasterKeys: *not a file of 64 hexadecimal digits*"),
            ([database.First, "/nowhere"], "Billing:PersonalData:MasterKeys: /nowhere*"),
        })
            new PersonalDataOptionsCheck().Validate(null, new() { MasterKeys = files }).FailureMessage.Should()
                .Match(message);
        new PersonalDataOptionsCheck().Validate(null, new() { MasterKeys = [database.First] })
            .Succeeded.Should().BeTrue();
    }

    private Task<IReadOnlyDictionary<string, CustomerKey>> OfOrNew(CustomerKeys keys, params string[] customers) =>
        database.OfOrNew(keys, customers);
}

/// <summary>A database with the platform's tables.</summary>
public sealed class PersonalDatabase : IAsyncLifetime, IAsyncDisposable
{
    public NpgsqlDataSource Source { get; private set; } = null!;

    /// <summary>The file of a master key.</summary>
    public string First { get; } = MasterKey.New();

    public async Task InitializeAsync() => Source = Database.Source(await Backend.NewDatabase(), "personal-data");

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    public CustomerKeys Keys(params string[] files) => new(Source, MasterKeys.Read(files));

    public async Task<IReadOnlyDictionary<string, CustomerKey>> OfOrNew(CustomerKeys keys, string[] customers)
    {
        await using var connection = await Source.OpenConnectionAsync();
        return await keys.OfOrNew(connection, customers);
    }

    public async Task Run(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Ask<T>(string sql, params object[] parameters)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
