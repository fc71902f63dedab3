using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Billing.Customers.Tests;

/// <summary>Accounts files for tests: a town of any size in which every line is different and believable.</summary>
internal static class Town
{
    public const string Header =
        "account,customer,name,phone,region,project,address,class,opened_on,electricity_plan,voltage,meters,heat_plan,"
        + "area_m2,height_m,use_class,heat_metered";

    public static readonly string[] Plans = ["beijing-residential-electricity", "beijing-residential-heat"];

    private static readonly string[] Families = ["张", "王", "李", "赵", "欧阳", "刘", "陈", "杨"];
    private static readonly string[] Given = ["伟", "芳", "娜", "秀英", "敏", "静", "丽", "强"];
    private static readonly string[] Projects = ["阳光花园", "望京新城", "知春里", "芳草地"];

    public static string Line(int i)
    {
        var text = CultureInfo.InvariantCulture;
        var customer = string.Create(text, $"C{10_000_000 + i}");
        var name = Families[i % 8] + Given[i / 8 % 8];
        var place = string.Create(text, $"北京市海淀区{Projects[i % 4]}{i / 400}号楼{i % 400}室");
        var meter = string.Create(text, $"M{i:00000000}:1:6:{i % 2}");
        var heat = i % 3 == 0 ? ",,,," : string.Create(text, $"beijing-residential-heat,{40 + i % 90}.5,,住宅,0");
        var project = Projects[i % 4];
        return string.Create(text, $"{1_000_000_000 + i},{customer},{name},138{i:00000000},海淀区,{project},{place},")
            + $"Residential,2020-10-01,beijing-residential-electricity,<1kV,{meter},{heat}";
    }

    public static string File(int from, int count) => File(Enumerable.Range(from, count).Select(Line));

    public static string File(IEnumerable<string> lines) => string.Join('\n', lines.Prepend(Header)) + "\n";

    public static HttpRequestMessage Import(string file, string key) => Import(Encoding.UTF8.GetBytes(file), key);

    public static HttpRequestMessage Import(byte[] file, string key) => Import(new ByteArrayContent(file), key);

    public static HttpRequestMessage Import(HttpContent file, string key)
    {
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        var address = new Uri("imports/accounts", UriKind.Relative);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = file };
        var ascii = Uri.EscapeDataString(key);
        request.Headers.Add("Idempotency-Key", ascii[..Math.Min(128, ascii.Length)]);
        return request;
    }
}
