using System.Text;
using ElfMmu.Packing;

namespace ElfMmu.Tests.Packing;

/// <summary>Bytes that pack well, badly and not at all.</summary>
internal static class PackingSamples
{
    public static IEnumerable<(string Name, byte[] Data)> All()
    {
        var random = new Random(3);
        byte[] noise = new byte[300_000];
        random.NextBytes(noise);
        var text = new StringBuilder();
        while (text.Length < 700_000)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"symbol_{random.Next(5000)} at 0x{random.Next():x}\n");
        }

        yield return ("empty", []);
        yield return ("one", [1]);
        yield return ("zeros", new byte[500_000]);
        yield return ("text", Encoding.ASCII.GetBytes(text.ToString()));
        yield return ("short", Encoding.ASCII.GetBytes(text.ToString(0, 900)));
        yield return ("noise", noise);
        yield return ("few", [.. noise.Select(b => (byte)(b % 5))]);
        yield return ("code", File.ReadAllBytes(typeof(ZstandardDecoder).Assembly.Location));
    }
}
