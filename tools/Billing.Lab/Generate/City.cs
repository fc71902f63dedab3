namespace Billing.Tools;

/// <summary>A residential compound (小区) with the shops and institutions around it, or an industrial park.</summary>
/// <param name="Region">Its district.</param>
/// <param name="Project">Its name, unique in the city.</param>
/// <param name="Address">Street and number.</param>
/// <param name="Size">The number of accounts.</param>
/// <param name="UnitsPerBuilding">Staircases per building.</param>
/// <param name="Floors">Floors per building.</param>
/// <param name="FlatTypes">The floor plans: the area of each flat on a floor, m².</param>
/// <param name="MeteredHeat">Whether its flats have heat meters.</param>
/// <param name="Vacancy">The share of empty flats.</param>
internal sealed record Site(
    string Region, string Project, string Address, int Size, int UnitsPerBuilding, int Floors, decimal[] FlatTypes,
    bool MeteredHeat, double Vacancy);

/// <summary>The city: one compound after the other, as many as the accounts need.</summary>
internal sealed class City(int seed, int accounts)
{
    private const int LargestAverage = 900;

    private static readonly string[] Regions = "海淀区 朝阳区 丰台区 西城区 东城区 石景山区 通州区 昌平区 大兴区 顺义区".Split(' ');
    private static readonly double[] RegionWeights = [20, 42, 54, 61, 66, 70, 80, 90, 96, 100];
    private static readonly string[] Streets =
        ("学院路 建设路 文化路 和平街 永安路 长兴路 育新街 胜利街 朝晖路 北辰路 翠微路 西环路 东风路 光明路 友谊路 花园路 新华街 " +
        "人民路 太平路 复兴路 青年路 滨河路 体育馆路 公园东路 车站街 农大南路 科苑路 林荫街 五一路 望京街").Split(' ');

    private static readonly string[] First =
        ("阳光 翠湖 金泰 望春 和平 龙泽 世纪 碧水 紫竹 安慧 育新 华清 嘉和 幸福 东方 康乐 锦绣 天通 御景 枫林 月坛 永乐 银河 长青 " +
        "富力 北苑 荣丰 清河 丽都 芳草 玉泉 百合 星河 海棠 万泉 云岗 燕山 宝盛 石榴 红星 新康 橡树 观澜 静安 文慧 松榆 潘家 西山").Split(' ');

    private static readonly string[] Second = "花园 家园 小区 新村 苑 里 嘉园 雅居 公寓 园 名邸 佳苑 华庭 新城 北里 南里".Split(' ');

    private readonly Chance _chance = new(seed, "city");

    public IEnumerable<Site> Sites()
    {
        var names = Shuffled();
        var average = Math.Clamp(accounts / 24, 8, LargestAverage);
        for (var i = 0; ; i++)
        {
            var phase = i / names.Length;
            var project = names[i % names.Length] + (phase == 0 ? "" : $"{phase + 1}期");
            yield return Site(project, Math.Max(6, (int)_chance.LogNormal(average * 0.85, 0.5)));
        }
    }

    private Site Site(string project, int size)
    {
        var tall = _chance.Happens(0.45);
        var types = new decimal[_chance.Between(2, 4)];
        var typical = Math.Clamp(_chance.LogNormal(86, 0.25), 48, 140);
        for (var i = 0; i < types.Length; i++)
            types[i] = decimal.Round(
                (decimal)Math.Clamp(_chance.LogNormal(typical, 0.2), 35, 180), 2, MidpointRounding.ToZero);
        return new(
            Regions[_chance.ByWeight(RegionWeights)],
            project,
            $"{_chance.Of(Streets)}{_chance.Between(1, 268)}号",
            size,
            UnitsPerBuilding: tall ? _chance.Between(1, 3) : _chance.Between(3, 6),
            Floors: tall ? _chance.Between(12, 28) : 6,
            types,
            MeteredHeat: _chance.Happens(0.15),
            Vacancy: Math.Min(0.35, _chance.LogNormal(0.05, 0.6)));
    }

    private string[] Shuffled()
    {
        var names = First.SelectMany(first => Second.Select(second => first + second)).ToArray();
        for (var i = names.Length - 1; i > 0; i--)
        {
            var other = _chance.Between(0, i);
            (names[i], names[other]) = (names[other], names[i]);
        }
        return names;
    }
}
