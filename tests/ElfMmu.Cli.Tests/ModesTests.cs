using System.Text.Json;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;

namespace ElfMmu.Cli.Tests;

/// <summary>The paging modes, and the options that say where their tables are.</summary>
public sealed class ModesTests
{
    [Fact]
    public void All_modes_are_listed()
    {
        string[] lines = CliRun.Of("modes", "--format", "csv").Done().Output.TrimEnd('\n').Split('\n');
        Assert.StartsWith("Name,Description,", lines[0], StringComparison.Ordinal);
        Assert.Equal(PagingModes.All.Select(m => m.Name), lines[1..].Select(l => l.Split(',')[0]));
    }

    [Fact]
    public void A_name_or_an_alias_shows_what_it_stands_for()
    {
        using JsonDocument json = JsonDocument.Parse(CliRun.Of("modes", "arm64", "sv39", "--format", "json").Done().Output);
        Assert.Equal(
            ["aarch64-4k", "aarch64-16k", "aarch64-64k", "sv39"],
            json.RootElement.EnumerateArray().Select(m => m.GetProperty("name").GetString()));
        JsonElement sv39 = json.RootElement[3];
        Assert.Equal("satp", sv39.GetProperty("rootRegister").GetString());
        Assert.Equal(
            [4096L, 65536, 2 << 20, 1 << 30], sv39.GetProperty("pageSizes").EnumerateArray().Select(s => s.GetInt64()));
        CliRun.Of("modes", "nosuch").Failed("ModeUnknown");
    }

    [Theory]
    [InlineData("bare-sv39", "--root 0x8123400000080010")]
    [InlineData("bare-sv39", "--root 0x80010000 --mode sv39")]
    [InlineData("bare-sv39", "--register satp=0x8123400000080010")]
    [InlineData("bare-a64-16k", "--root 0x42000040220001 --root1 0x402240c1 --tcr 0x157510b511 --register sctlr=0xc50839")]
    [InlineData("bare-a64-16k", "--root 0x40220000 --register ttbr1_el1=0x402240c1 --register tcr_el1=0x157510b511 --mode arm64")]
    [InlineData("bare-arm-short", "--root 0x4022004a --root1 0x4022404a --tcr 1 --register dacr=0xd --register sctlr=0xc50079")]
    [InlineData("bare-arm-lpae", "--root 0x42000040220060 --root1 0x40221000 --tcr 0xb5023501")]
    public void Options_stand_for_what_a_machine_description_says(string guest, string options)
    {
        // Only the description knows devices, and only the dump of RISC-V holds the firmware, so what is RAM to both is compared.
        string[] described = Ram(CliRun.Of("map", TestData.Path(guest, "machine.yaml"), "-q", "--format", "csv"));
        string[] given = [.. Ram(CliRun.Of(
            ["map", TestData.Path(guest, "phys.elf.gz"), "-q", "--format", "csv", .. options.Split(' ')]))
            .Where(l => Convert.ToUInt64(l.Split(',')[2], 16) >= 0x4000_0000)];
        Assert.True(described.Length > 20);
        Assert.Equal(described, given);
    }

    [Fact]
    public void Sum_and_mxr_change_the_rights_of_risc_v()
    {
        string dump = TestData.Path("bare-sv39", "machine.yaml");
        string Rights(string address, params string[] more) => Ram(CliRun.Of(
            ["map", dump, "-q", "--format", "csv", "--minimum-address", address, "--maximum-address", address, .. more]))[0];
        Assert.Contains(",---,rw-,", Rights("0x1011000"), StringComparison.Ordinal);
        Assert.Contains(",rw-,rw-,", Rights("0x1011000", "--sum"), StringComparison.Ordinal);
        Assert.Contains(",---,--x,", Rights("0x1013000"), StringComparison.Ordinal);
        Assert.Contains(",---,r-x,", Rights("0x1013000", "--mxr"), StringComparison.Ordinal);
        CliRun.Of("map", TestData.Path("bare-x64", "machine.yaml"), "--sum").Failed("ParameterNotForMode");
    }

    [Fact]
    public void A_guest_is_walked_through_both_stages()
    {
        // The guest's memory begins at 2 MiB of the host's, and EPT shows it as physical 0.
        using var guest = SyntheticDump.Typical();
        byte[] small = File.ReadAllBytes(guest.Path);
        byte[] memory = new byte[4 << 20];
        small.CopyTo(memory, 2 << 20);
        BitConverter.GetBytes(0x2007UL).CopyTo(memory, 0x1000);
        BitConverter.GetBytes(0x3007UL).CopyTo(memory, 0x2000);
        BitConverter.GetBytes(0x20_00b7UL).CopyTo(memory, 0x3000);
        string host = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(host, memory);
            string[] alone = Ram(CliRun.OfRaw("map", guest.Path, "-q", "--format", "csv"));
            string[] nested = Ram(CliRun.OfRaw("map", host, "-q", "--format", "csv", "--nested-root", "0x101e"));
            Assert.Equal(alone.Length, nested.Length);
            foreach ((string one, string two) in alone.Zip(nested))
            {
                string[] before = one.Split(',');
                string[] after = two.Split(',');
                Assert.Equal(Convert.ToUInt64(before[2], 16) + (2 << 20), Convert.ToUInt64(after[2], 16));
                after[2] = before[2];
                Assert.Equal(before, after);
            }
        }
        finally
        {
            File.Delete(host);
        }
    }

    private static string[] Ram(CliRun run)
    {
        Assert.Equal(0, run.Code);
        return [.. run.Output.Split('\n').Where(l => l.Contains(",Ram,", StringComparison.Ordinal))];
    }
}
