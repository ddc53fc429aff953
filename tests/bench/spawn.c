/* SPDX-License-Identifier: MIT */
/* A program that does nothing, linked as ours are: what it takes is what starting any takes. */
int main(void)
{
	return 0;
}
