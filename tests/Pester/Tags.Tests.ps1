# Limits with a tag where AArch64 ignores the top byte: every cmdlet does with them what it does without.

BeforeAll {
    . $PSScriptRoot/Common.ps1

    # Two roots: the first maps 0x0000 to 0x3fff, the second nothing. Each page says "needle" at 0x100; three start as a PE image does.
    $words = @{ 0x1000 = 0x2003; 0x2000 = 0x3003; 0x3000 = 0x4003 }
    foreach ($i in 0..3) {
        $words[0x4000 + 8 * $i] = 0x8743 + 0x1000 * $i
        $words[0x8100 + 0x1000 * $i] = 0x656c6465656e
        if ($i -ne 2) {
            $page = 0x8000 + 0x1000 * $i
            $words[$page] = 0x5a4d
            $words[$page + 0x38] = 0x4000000000
            $words[$page + 0x40] = 0xaa6400004550
            $words[$page + 0x50] = 0x00f000000000
            $words[$page + 0x58] = 0x20b
        }
    }

    $dump = New-RawDump "$TestDrive/arm.bin" 0xc000 $words
    $space = @{ Root = 0x1000ul; Mode = 'aarch64-4k'; Tcr = 0x2000900010ul }
    $plain = @{ MinimumAddress = 0x1000ul; MaximumAddress = 0x2ffful }
    $tagged = @{ MinimumAddress = 0xaa00000000001000ul; MaximumAddress = 0xbb00000000002ffful }
}

Describe 'Limits with tags' {
    It 'are those without for <Name>' -ForEach @(
        @{ Name = 'Get-PageTableMapping'; Run = { param($limits) Get-PageTableMapping $dump @space @limits } }
        @{ Name = 'Search-VirtualMemory'; Run = { param($limits) Search-VirtualMemory $dump -Text needle @space @limits } }
        @{ Name = 'Find-MappedImage'; Run = { param($limits) Find-MappedImage $dump -All @space @limits } }
        @{ Name = 'Compare-PageTableMapping'; Run = {
                param($limits) Compare-PageTableMapping $dump $dump -DifferenceRoot 0x5000 @space @limits 3> $null } }
        @{ Name = 'Compare-PageTableMapping with mappings'; Run = {
                param($limits) Compare-PageTableMapping (Get-PageTableMapping $dump @space) $dump -DifferenceRoot 0x5000 @space @limits 3> $null } }
    ) {
        $want = & $Run $plain | ForEach-Object ToString
        $want | Should -Not -BeNullOrEmpty
        & $Run @{} | ForEach-Object ToString | Should -Not -Be $want
        & $Run $tagged | ForEach-Object ToString | Should -Be $want
    }

    It 'are cut to what comes through the pipeline' {
        $pages = [pscustomobject]@{ VirtualAddress = 0xcc00000000002000ul; Size = 0x1000ul; Space = (Get-PageTableMapping $dump @space)[0].Space }
        ($pages | Search-VirtualMemory -Text needle @tagged).VirtualAddress | Should -Be 0x2100ul
    }

    It 'are those without for Export-ElfCore' {
        Export-ElfCore "$TestDrive/plain.core" -Dump $dump @space @plain -Range 0x1000-0x2100
        Export-ElfCore "$TestDrive/tagged.core" -Dump $dump @space @tagged -Range 0xaa00000000001000-0xaa00000000002100
        Get-Hash "$TestDrive/tagged.core" | Should -Be (Get-Hash "$TestDrive/plain.core")
    }
}
